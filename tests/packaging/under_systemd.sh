#!/bin/bash
# Inside the virtual machine of run-under-systemd: installs the service, uses it, kills it, stops it, removes it.
# The test puts two lines before it: VENV, the virtual environment of this machine, and SOURCES, what it has installed. Both
# are shown to the service below /opt, since a hardened service does not see /tmp and /home, where they may lie.
export PATH=/opt/bmsreader/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root SYSTEMD_PAGER=cat SYSTEMD_COLORS=0
mkdir -p /opt/bmsreader/lib
cp -a "$VENV/bin" "$VENV/pyvenv.cfg" /opt/bmsreader/
mount --bind "$VENV/lib" /opt/bmsreader/lib
mkdir -p /opt/sources
mount --bind "$SOURCES" /opt/sources
sed -i "s,$SOURCES,/opt/sources," /opt/bmsreader/lib/python3*/site-packages/*bmsreader*.pth
sed -i '1s,.*,#!/opt/bmsreader/bin/python,' /opt/bmsreader/bin/bmsreader
# What the program left on this machine when somebody tried it as root; systemd could not move it: the machine's files overlay it.
rm -rf /var/lib/bmsreader /etc/bmsreader
systemctl start dbus bluetooth

main_process() { systemctl show -P MainPID bmsreader; }
live() { for _ in $(seq 60); do bmsreader status --json 2>/dev/null | grep -q '"state": "live"' && return; sleep 1; done; return 1; }

bmsreader service install && echo "proved: installed"
live && echo "proved: live"
systemctl show -P StatusText bmsreader
[[ $(ps -o user= -p "$(main_process)") == bmsreader ]] && echo "proved: not root"
grep -q 'CapEff:.*0000000000000000' "/proc/$(main_process)/status" && echo "proved: no capability"
journalctl -u bmsreader -o cat | grep -q 'Connection reset\|not connected\|permission' || echo "proved: not refused by the message bus"
journalctl -u bmsreader -o json | grep -q '"PRIORITY":"6"' && echo "proved: journal knows priorities"

printf 'hunter2\n' >/etc/bmsreader/credentials/mqtt_password
sed -i 's/^#interval = 10.0/interval = 5/' /etc/bmsreader/bmsreader.toml
before=$(main_process)
systemctl reload bmsreader && sleep 3 && [[ $(main_process) == "$before" ]] && live && echo "proved: reload"

kill -KILL "$before"; sleep 8
live && [[ $(main_process) != "$before" ]] && echo "proved: started anew after kill -9"
tr '\0' '\n' <"/proc/$(main_process)/environ" | grep -q CREDENTIALS_DIRECTORY && echo "proved: credentials"

kill -STOP "$(main_process)"; before=$(main_process)
for _ in $(seq 100); do [[ $(main_process) != "$before" && $(main_process) != 0 ]] && break; sleep 1; done
live && [[ $(main_process) != "$before" ]] && echo "proved: watchdog"

systemctl stop bmsreader && [[ $(systemctl show -P Result bmsreader) == success ]] && echo "proved: stops well"
sed -i 's/^interval = 5/intervall = 5/' /etc/bmsreader/bmsreader.toml
systemctl start bmsreader; sleep 12
[[ $(systemctl show -P NRestarts,ExecMainStatus bmsreader | tr '\n' ' ') == *2* && $(systemctl is-active bmsreader) == failed ]] &&
  echo "proved: a wrong configuration is not tried again"
bmsreader service uninstall && [[ ! -e /etc/systemd/system/bmsreader.service ]] && echo "proved: removed"
journalctl -u bmsreader -o cat | tail -n 30
