#!/bin/sh
# Compiles an installed portal, and leaves out what serving does not need: deploy/build.sh TARGET
set -eu
cd "${1:?"usage: deploy/build.sh TARGET"}"

venv/bin/python -m backstage_py build
# Kept: build/client (pages), backend (what they are made of). The rest is the compiler's.
for path in .web/*; do
  case "$path" in
    .web/build|.web/backend|.web/routes.json|.web/reflex.json) ;;
    *) rm -rf "$path" ;;
  esac
done
rm -rf .web/build/server
