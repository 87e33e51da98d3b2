#!/usr/bin/env bash
# Every request of ext and of the raw client under prism, a mock server of the API's document that
# refuses what the document does not allow. Needs Node.js 20 and the registry of its packages.
#
# It fails at what is not listed with its reason in prism/main.rs.
#
# Usage: tests/conformance/prism.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT

npm install --silent --no-fund --no-audit --no-update-notifier --ignore-scripts \
  --prefix "$tools" @stoplight/prism-cli@5.16.0

PRISM="$tools/node_modules/.bin/prism" \
  cargo test --locked --workspace --test prism -- --ignored --nocapture --test-threads 1
