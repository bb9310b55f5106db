#!/bin/bash
# check-format.sh: every source file is as clang-format would have it.
set -euo pipefail
mapfile -t files < <(find service tests installer -name '*.[ch]')
[ "${#files[@]}" -gt 100 ] || { echo "not ok only ${#files[@]} source files found"; exit 1; }
clang-format --dry-run -Werror "${files[@]}"
echo "ok all ${#files[@]} source files are formatted"
