// Icons, drawn for this page: lines on a grid of 24. A word always stands beside them or in their button's label.

import { html, svg } from "../vendor/lit.js";

const PATHS = {
  live: "M2.5 12.5h4l2.5-7 5 13 2.5-6h5",
  stale: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3.2 2",
  asleep: "M20 14.6A8.3 8.3 0 0 1 9.4 4a8.3 8.3 0 1 0 10.6 10.6zM14.5 4h4l-4 4.5h4",
  busy: "M8 2.8h8c.8 0 1.5.7 1.5 1.5v15.4c0 .8-.7 1.5-1.5 1.5H8c-.8 0-1.5-.7-1.5-1.5V4.3c0-.8.7-1.5 1.5-1.5zM11 18h2",
  unreachable: "M3 3l18 18M2.5 9.2a14 14 0 0 1 4-2.6M10.6 5.2a14 14 0 0 1 10.9 4M6 12.8a9 9 0 0 1 3.6-2.1M15.4 11.1a9 9 0 0 1 2.6 1.7M9.6 16.2a4 4 0 0 1 4.8 0M12 19.8v.1",
  offline: "M4 4l16 16M7.5 7.6A5.5 5.5 0 0 0 7 18.5h10M9.8 6.2A5.6 5.6 0 0 1 16.4 10 4.3 4.3 0 0 1 20.3 17",
  charge: "M12 3.5v11M7.5 10.5l4.5 4.5 4.5-4.5M4.5 19.5h15",
  discharge: "M12 15V4M7.5 8.5L12 4l4.5 4.5M4.5 19.5h15",
  rest: "M5 12h14",
  overview: "M4 4h7v7H4zM13.5 4H20v4.5h-6.5zM13.5 11.5H20V20h-6.5zM4 13.5h7V20H4z",
  alarms: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4",
  radio: "M7 7a7 7 0 0 0 0 10M17 7a7 7 0 0 1 0 10M4.2 4.2a11 11 0 0 0 0 15.6M19.8 4.2a11 11 0 0 1 0 15.6M12 10.8a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM9 14.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z",
  display: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  more: "M12 5.5v.1M12 12v.1M12 18.5v.1",
  close: "M6 6l12 12M18 6L6 18",
  check: "M4.5 12.5l5 5 10-11",
  info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.5M12 7.8v.1",
  warning: "M12 4L2.8 20h18.4zM12 10v4.8M12 17.4v.1",
  critical: "M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2zM12 7.5v5.5M12 16.4v.1",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4h-4",
  phone: "M8 2.8h8c.8 0 1.5.7 1.5 1.5v15.4c0 .8-.7 1.5-1.5 1.5H8c-.8 0-1.5-.7-1.5-1.5V4.3c0-.8.7-1.5 1.5-1.5zM11 18h2",
  plus: "M12 5v14M5 12h14",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  next: "M9.5 5.5L16 12l-6.5 6.5",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.3 15.3L20.5 20.5",
  logout: "M10 4H5.5v16H10M15 8l4 4-4 4M19 12H9.5",
  list: "M4 6.5h16M4 12h16M4 17.5h16",
  bank: "M12 3.5l8.5 4-8.5 4-8.5-4zM3.5 12l8.5 4 8.5-4M3.5 16.5l8.5 4 8.5-4",
  pencil: "M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM13.5 7.5l3 3",
  temperature: "M10 13.5V5.5a2 2 0 1 1 4 0v8a4 4 0 1 1-4 0zM12 9v8",
  gap: "M3 12h4M10 12h1M13 12h1M17 12h4",
  health: "M12 20S3.8 15.2 3.8 9.4A4.4 4.4 0 0 1 12 7.2a4.4 4.4 0 0 1 8.2 2.2C20.2 15.2 12 20 12 20z",
};

/** An icon by name; it says nothing to a screen reader, the words beside it do. */
export function icon(name) {
  return html`<svg class="icon icon-${name}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${svg`<path d=${PATHS[name]}></path>`}
  </svg>`;
}
