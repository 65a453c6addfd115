# Joins .ci/limits (benchmark, unit, limit, words) with the output of go test
# -bench into a table.

BEGIN { shown = "%-64s %14s %12s  %s\n" }

FNR == NR {
	if ($0 ~ /^[ \t]*(#|$)/) next
	n++
	name[n] = $1; unit[n] = $2; op[n] = substr($3, 1, 1); limit[n] = substr($3, 2) + 0
	words[n] = $4
	for (i = 5; i <= NF; i++) words[n] = words[n] " " $i
	next
}

/^Benchmark/ {
	bench = $1
	sub(/^Benchmark/, "", bench)
	sub(/-[0-9]+$/, "", bench)
	for (i = 3; i < NF; i += 2) figure[bench, $(i + 1)] = $i
}

END {
	printf shown, "what", "measured", "limit", ""
	for (i = 1; i <= n; i++) {
		key = name[i] SUBSEP unit[i]
		sign = op[i] == ">" ? "at least " : "at most "
		if (!(key in figure)) {
			printf shown, words[i], "-", sign limit[i], "not measured"
			continue
		}
		v = figure[key] + 0
		ok = op[i] == ">" ? v >= limit[i] : v <= limit[i]
		printf shown, words[i], v, sign limit[i], ok ? "ok" : "SHORT"
	}
}
