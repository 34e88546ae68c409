#!/usr/bin/env bash
# Builds Rasa's own environment, exports the project from Madoguchi's knowledge, trains it, starts it.
#   deploy/rasa/rasa.sh model   builds, exports and trains       deploy/rasa/rasa.sh start   the same, and starts it
# Settings: RASA_DIR (var/rasa), RASA_PYTHON (a Python 3.10), RASA_PORT (5005), MADOGUCHI (the command),
# MADOGUCHI_URL (where Rasa finds Madoguchi), RASA_TOWN, RASA_LANGUAGES (ja,en; default: all).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
dir="${RASA_DIR:-var/rasa}"
madoguchi="${MADOGUCHI:-.venv/bin/madoguchi}"
venv="$dir/venv"
project="$dir/project"

python310() {
  # A name may be a pyenv shim that can't run: only one that says 3.10 counts.
  for found in "${RASA_PYTHON:-}" python3.10 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python; do
    [ -n "$found" ] && "$found" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null && {
      command -v "$found"
      return
    }
  done
  uv python find 3.10 2>/dev/null || {
    echo "rasa: no Python 3.10 was found. Install it (uv python install 3.10) or set RASA_PYTHON." >&2
    return 3
  }
}

install() {
  [ -f "$venv/.done" ] && cmp -s "$here/requirements.txt" "$venv/.done" && return
  local python
  python="$(python310)"
  mkdir -p "$dir"
  "$python" -m venv "$venv"
  if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
    uv pip install --quiet --python "$venv/bin/python" -r "$here/requirements.txt"
  else
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  fi
  cp "$here/requirements.txt" "$venv/.done"
}

export RASA_TELEMETRY_ENABLED=false SQLALCHEMY_SILENCE_UBER_WARNING=1 TF_CPP_MIN_LOG_LEVEL=2
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"

install
"$madoguchi" rasa export "$project" --url "${MADOGUCHI_URL:-http://127.0.0.1:8000}" \
  ${RASA_TOWN:+--town "$RASA_TOWN"} ${RASA_LANGUAGES:+--languages "$RASA_LANGUAGES"}
rasa="$(cd "$venv" && pwd)/bin/rasa"
cd "$project"
export PYTHONPATH=. # jatok.py, the tokenizer, lies in the project
"$rasa" train --fixed-model-name madoguchi --quiet
[ "${1:-start}" = model ] && exit
echo "Rasa starts at http://127.0.0.1:${RASA_PORT:-5005}; Madoguchi uses it with MADOGUCHI_RASA_URL set to that."
exec "$rasa" run --enable-api -i 127.0.0.1 -p "${RASA_PORT:-5005}" \
  --endpoints endpoints.yml --credentials credentials.yml
