package contract

// Nearest gives the name with the smallest edit distance to a mistyped one,
// the first of equals; "" when there are no names.
func Nearest(typed string, names []string) string {
	best, least := "", int(^uint(0)>>1)
	for _, name := range names {
		if d := distance(typed, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements that turn a into
// b, looking at no more than 64 bytes of either.
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
