#!/usr/bin/env bash
# The clients beside reqwest by hand and Python's requests and httpx: figures, plots, and the
# instructions of two jobs against their bars. Needs Python 3.11 with the registry of its packages,
# and valgrind. Writes into prolific-api-ext/docs.
#
# Run it while nothing else runs on the machine; what the load was stands in the figures.
#
# Usage: tests/speed/run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check requests==2.34.2 httpx==0.28.1

cargo build --quiet --locked --release -p prolific-speed
export PROLIFIC_SPEED_PYTHON=$tools/bin/python
target/release/prolific-speed compare prolific-api-ext/docs
target/release/prolific-speed instructions
