#!/usr/bin/env bash
# Builds zhinan and an environment of Python with the pinned peers (in target/peers), and prints the table.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo build --release --locked
[ -x target/peers/bin/python ] || python3 -m venv target/peers
target/peers/bin/pip install --quiet --disable-pip-version-check --requirement benches/peers/requirements.txt
exec target/peers/bin/python benches/peers/peers.py
