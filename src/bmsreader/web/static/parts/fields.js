// The values of a reading: in which group they are shown, with how many digits, and how a chart scales them.

import { t } from "../texts.js";
import { duration, number, quantity } from "../format.js";

/** Groups of values, in the order in which an owner asks for them. */
export const GROUPS = {
  power: ["pack_voltage", "current", "power", "time_to_empty", "time_to_full"],
  charge: ["soc", "remaining_capacity", "full_charge_capacity", "design_capacity", "soh", "health", "max_error", "cycle_count"],
  cells: ["cell_spread", "cell_voltages"],
  temperatures: ["temperatures"],
  switches: ["charge_switch", "discharge_switch", "charge_enabled", "discharge_enabled", "heater", "alarms"],
};

const UNITS = {
  pack_voltage: ["V", 2],
  current: ["A", 1],
  power: ["W", 0],
  soc: ["%", 0],
  soh: ["%", 1],
  health: ["%", 0],
  max_error: ["%", 0],
  remaining_capacity: ["Ah", 1],
  full_charge_capacity: ["Ah", 1],
  design_capacity: ["Ah", 0],
  cell_spread: ["V", 3],
  cell_voltages: ["V", 3],
  temperatures: ["°C", 0],
  signal: ["dBm", 0],
};

/** The unit of a field and the digits it is written with. */
export function unitOf(field) {
  return UNITS[field] ?? ["", 0];
}

/** What a field is called. */
export function label(field) {
  const [, kind, number] = /^(cell|temperature)_(\d+)$/.exec(field) ?? [];
  return kind ? t(`field.${kind}`, { n: number }) : t(`field.${field}`);
}

/** A value in words: with unit, on or off, a length of time, a list; null where it is not reported. */
export function valueText(field, value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return t(value ? "field.on" : "field.off");
  if (field.startsWith("time_to")) return duration(value);
  if (field === "cycle_count") return number(value);
  const [unit, digits] = unitOf(field);
  if (Array.isArray(value)) {
    if (field === "alarms") return value.length ? value.join(", ") : t("field.none");
    const [low, high] = [Math.min(...value), Math.max(...value)].map((one) => number(one, digits));
    return low === high ? `${low} ${unit}` : `${t("card.range", { low, high })} ${unit}`;
  }
  return unit ? quantity(value, unit, { digits }) : String(value);
}

/** Values of a battery that go into charts, with how each is drawn; those that it does not report are left out. */
export function chartsOf(battery) {
  const reported = (field) => battery.fields.length === 0 || battery.fields.includes(field);
  const chart = (key, field, extra) => ({
    key,
    title: t(`battery.chart.${key}`),
    unit: unitOf(field)[0],
    digits: unitOf(field)[1],
    lines: [{ field, label: label(field) }],
    ...extra,
  });
  const many = (key, field, single, number, extra) => ({
    ...chart(key, field, extra),
    lines: Array.from({ length: number }, (_, at) => ({ field: `${single}_${at + 1}`, label: label(`${single}_${at + 1}`) })),
  });
  const cells = battery.cells || battery.reading?.cell_voltages.length || 0;
  const sensors = battery.sensors || battery.reading?.temperatures.length || 0;
  return [
    reported("soc") && chart("soc", "soc", { fixed: [0, 100], tone: 0 }),
    reported("power") && chart("power", "power", { zero: true, least: 20, tone: 0 }),
    reported("current") && chart("current", "current", { zero: true, least: 2, tone: 0 }),
    reported("pack_voltage") && chart("voltage", "pack_voltage", { least: 0.2, tone: 1 }),
    cells > 0 && many("cells", "cell_voltages", "cell", cells, { least: 0.02, eager: true }),
    cells > 1 && chart("spread", "cell_spread", { least: 0.02, tone: 4 }),
    sensors > 0 && many("temperatures", "temperatures", "temperature", sensors, { least: 4 }),
  ].filter(Boolean);
}
