#!/bin/sh
# Installs the portal of this checkout into a virtual environment: deploy/install.sh TARGET
# The Containerfile and CI run the same script.
set -eu
target=${1:?"usage: deploy/install.sh TARGET"}
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-python3.11}

"$python" -m venv "$target/venv"
"$target/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" "psycopg[binary]>=3.2"
cp -R "$here/backstage_py" "$here/assets" "$here/rxconfig.py" "$target/"
if [ -f "$here/reflex.lock" ] || [ -d "$here/reflex.lock" ]; then cp -R "$here/reflex.lock" "$target/"; fi
for optional in app-config.yaml demo; do
  if [ -e "$here/$optional" ] && [ ! -e "$target/$optional" ]; then cp -R "$here/$optional" "$target/"; fi
done
