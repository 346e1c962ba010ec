# Counts tests across their runners; sourced by test.sh and .ci/run.
# Each run_... function runs one thing, shows its output and adds to the totals; print_totals prints
# "N passed, N failed, N skipped" and returns 1 if anything failed.
passed=0
failed=0
skipped=0
failures=()
failure_ends=() # what each of them printed last, said again at the end of a long log

# The number before `word` in the last "N passed, N failed, N skipped" line of a file, else nothing.
count_of() {
    grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$1" | tail -n 1 |
        grep -oE "[0-9]+ $2" | grep -oE '[0-9]+' || true
}

# The number after `word` in the closing lines of vitest ("Tests  3 passed (3)") or node's runner.
page_count_of() {
    sed 's/\x1b\[[0-9;]*m//g' "$1" |
        awk -v word="$2" '
            $1 == "Tests" { for (i = 2; i < NF; i++) if ($(i + 1) ~ "^" word) n = $i }
            ($1 == "#" || $1 == "ℹ") && index($2, substr(word, 1, 4)) == 1 { n = $3 }
            END { if (n != "") print n }'
}

add() {
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + $3))
}

# run_ctest BUILD_FOLDER [ctest option...]
run_ctest() {
    local folder="$1" report status=0
    shift
    report="$PWD/$folder/junit.xml"
    rm -f "$report"
    ctest --test-dir "$folder" -j "$(nproc)" --timeout 120 --output-on-failure \
        --output-junit "$report" "$@" || status=$?
    if [ ! -s "$report" ]; then
        failures+=("ctest in $folder wrote no report (exit $status)")
        add 0 1 0
        return
    fi
    local all bad off
    all="$(grep -oE 'tests="[0-9]+"' "$report" | head -n 1 | tr -dc 0-9)"
    bad="$(grep -oE 'failures="[0-9]+"' "$report" | head -n 1 | tr -dc 0-9)"
    off="$(grep -oE '(disabled|skipped)="[0-9]+"' "$report" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }')"
    add $((all - bad - off)) "$bad" "$off"
    [ "$status" -eq 0 ] || failures+=("ctest in $folder")
}

# run_script NAME COMMAND...: counts what the command counted, or the command itself as one test.
run_script() {
    local name="$1" status=0 output
    shift
    output="$(mktemp)"
    echo "== $name"
    "$@" 2>&1 | tee "$output" || status=$?
    local good bad off
    good="$(count_of "$output" passed)"
    bad="$(count_of "$output" failed)"
    off="$(count_of "$output" skipped)"
    if [ -z "$good" ]; then
        good="$(page_count_of "$output" passed)"
        bad="$(page_count_of "$output" failed)"
        off="$(page_count_of "$output" skipped)"
    fi
    local end=""
    [ "$status" -eq 0 ] || end="$(tail -n 60 "$output")"
    rm -f "$output"
    if [ -z "$good" ] || { [ "$status" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; }; then
        good="${good:-$((status == 0 ? 1 : 0))}"
        bad="$((status == 0 ? 0 : 1))"
    fi
    add "$good" "${bad:-0}" "${off:-0}"
    if [ "$status" -ne 0 ]; then
        failures+=("$name")
        failure_ends+=("-- $name printed last:"$'\n'"$end")
    fi
}

print_totals() {
    local failure
    for failure in "${failure_ends[@]}"; do
        echo "$failure"
    done
    for failure in "${failures[@]}"; do
        echo "failed: $failure"
    done
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ] && [ "${#failures[@]}" -eq 0 ]
}
