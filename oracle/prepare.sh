#!/bin/sh
# Makes the Python environment of the oracle in the folder that ORACLE_VENV names, unless it is already there.
set -eu
: "${ORACLE_VENV:?set ORACLE_VENV to a folder for the Python environment of the oracle}"
wanted="$(dirname "$0")/requirements.txt"
if cmp -s "$wanted" "$ORACLE_VENV/requirements.txt"; then
    exit 0
fi
python3 -m venv --clear "$ORACLE_VENV"
"$ORACLE_VENV/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
cp "$wanted" "$ORACLE_VENV/requirements.txt"
