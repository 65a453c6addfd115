package history

import "testing"

// TestOncePerPlace mixes the reasons where it can, and fills the list where it
// can't.
func TestOncePerPlace(t *testing.T) {
	t.Parallel()
	of := func(reasons ...Why) (all []Attention) {
		for n, why := range reasons {
			all = append(all, Attention{Why: why, Neighbourhood: string(rune('a' + n))})
		}
		return all
	}
	for _, tc := range []struct {
		name string
		all  []Attention
		want string
	}{
		{"no more than there are", of(LateAt, Again), "ab"},
		{"two of a reason, where others wait", of(Again, Again, Again, Again, LateAt, More, OverdueAt), "abefg"},
		{"more of it, where none do", of(Again, Again, Again, Again, LateAt, Again), "abcde"},
		{"one of a place", append(of(Again, LateAt), of(More, More, More)...), "abc"},
		{"nothing", nil, ""},
	} {
		got := ""
		for _, a := range oncePerPlace(tc.all, 5) {
			got += a.Neighbourhood
		}
		if got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}
