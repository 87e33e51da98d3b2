#!/usr/bin/env bash
# The simulator under a tester that makes requests of the API's document: examples, the bounds of
# every schema, and random values. Needs Python 3.11 and the registry of its packages.
#
# It fails at what accepted.json does not have: there each failure that is right has its reason.
#
# Usage: tests/conformance/run.sh [OPTION OF SCHEMATHESIS...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'exec 3>&-; wait 2>/dev/null; rm -rf "$work"' EXIT

cargo build --quiet --locked -p prolific-tests --bin simulator
python3 -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5

# The simulator runs until its standard input ends.
mkfifo "$work/stdin"
target/debug/simulator 127.0.0.1:0 <"$work/stdin" >"$work/settings" &
exec 3>"$work/stdin"
until [ "$(wc -l <"$work/settings")" -ge 2 ]; do sleep 0.1; done
set -a
# shellcheck disable=SC1091
. "$work/settings"
set +a

SCHEMATHESIS_HOOKS=conformance PYTHONPATH=tests/conformance PYTHONDONTWRITEBYTECODE=1 \
  "$work/tools/bin/schemathesis" --config-file tests/conformance/schemathesis.toml \
  run openapi/prolific.json --url "$PROLIFIC_URL" --header "Authorization: Token $PROLIFIC_TOKEN" \
  --baseline tests/conformance/accepted.json \
  --phases examples,coverage,fuzzing --seed 1 --generation-database none "$@"
