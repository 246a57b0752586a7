#!/usr/bin/env bash
#
# Prints which Chromium the browser tests use, or nothing where there is none. The headless one starts and draws fastest.
for name in "${LOGINPORTAL_TEST_CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome; do
  if [[ -n $name ]] && command -v "$name"; then exit; fi
done
