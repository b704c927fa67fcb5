#!/bin/sh
# Serves a built portal as a container would, and waits until it is ready: deploy/check.sh TARGET [PORT]
# No compiler and no bun is on the path.
set -eu
cd "${1:?"usage: deploy/check.sh TARGET [PORT]"}"
port=${2:-3900}

PATH=/usr/bin:/bin venv/bin/python -m backstage_py serve --host 127.0.0.1 --port "$port" &
portal=$!
trap 'kill "$portal" 2>/dev/null; wait "$portal" 2>/dev/null || true' EXIT
tries=0
until venv/bin/python -c "
import sys, urllib.request
answers = [urllib.request.urlopen(f'http://127.0.0.1:$port{path}', timeout=5).status for path in ('/readyz', '/')]
sys.exit(answers != [200, 200])" 2>/dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 120 ] || { echo "not ready after $tries tries"; exit 1; }
  kill -0 "$portal" || { echo "the portal ended"; exit 1; }
  sleep 0.5
done
echo "ready on port $port"
