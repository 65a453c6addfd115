package history

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"moked/dispatch"
)

// TestConcealTellsNothing hides parts so that what is hidden can't be told from
// the whole: it is more than one part, of more than a few reports.
func TestConcealTellsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 8).Draw(t, "n")
		var parts []PublicPart
		was := map[string]int{}
		secret := map[string]bool{}
		for i := range n {
			code := string(rune('a' + i))
			was[code] = rapid.IntRange(1, 12).Draw(t, "received")
			secret[code] = rapid.IntRange(0, 6).Draw(t, "secret") == 0
			parts = append(parts, PublicPart{Code: code, PublicFigures: PublicFigures{Received: was[code], Judged: 1}})
		}
		conceal(parts, func(p PublicPart) bool { return secret[p.Code] })
		hidden, reports := 0, 0
		for _, p := range parts {
			if p.Hidden {
				hidden, reports = hidden+1, reports+was[p.Code]
				if p.Received+p.Judged != 0 {
					t.Fatalf("%+v", p)
				}
			} else if was[p.Code] < few || secret[p.Code] {
				t.Fatalf("%+v is published", p)
			}
		}
		if hidden > 0 && hidden < n && (hidden == 1 || reports < few) {
			t.Fatalf("%d hidden, of %d reports: %+v", hidden, reports, parts)
		}
	})
}

// TestPublicFigures publishes whole months only, and no category of few reports.
func TestPublicFigures(t *testing.T) {
	t.Parallel()
	c := newTown(t)
	for n := range 24 {
		category := "pothole"
		switch {
		case n < 2:
			category = "bench-broken"
		case n < 9:
			category = "irrigation-leak"
		case n < 16:
			category = "tree-pruning"
		}
		f := c.files(category, spots[n%4], dispatch.ByPhone)
		if n%2 == 0 {
			c.now = c.now.Add(time.Hour)
			c.step(f.Incident.ID, c.CloseIncident, "טופל")
		}
		c.now = c.now.Add(9 * time.Hour)
	}
	c.read()
	nobody := func(string) bool { return false }
	if _, err := c.Public(townCode, "", "2026-03", nobody); err == nil {
		t.Error("a month that isn't over was published")
	}
	for _, bad := range [][2]string{{"x", ""}, {"", "2026-13"}, {"2026-02", "2025-12"}} {
		if _, err := c.Public(townCode, bad[0], bad[1], nobody); err == nil {
			t.Errorf("%v was published", bad)
		}
	}
	c.now = time.Date(2026, 4, 2, 9, 0, 0, 0, time.UTC)
	p, err := c.Public(townCode, "2026-03", "", nobody)
	c.must(err)
	if p.Total.Received != 24 || len(p.Months) != 1 || p.Months[0].Code != "2026-03" || p.Total.Kept > p.Total.Judged {
		t.Errorf("%+v", p)
	}
	shown := map[string]PublicPart{}
	for _, k := range p.Categories {
		shown[k.Code] = k
	}
	if shown["pothole"].Received != 8 || shown["bench-broken"].Hidden != true {
		t.Errorf("%+v", p.Categories)
	}
	// One more of the same department is hidden: else the benches were the rest.
	if shown["irrigation-leak"].Hidden == shown["tree-pruning"].Hidden {
		t.Errorf("%+v", p.Categories)
	}
	p, err = c.Public(townCode, "2026-02", "", func(k string) bool { return k == "pothole" })
	c.must(err)
	for _, k := range p.Categories {
		if k.Code == "pothole" {
			t.Errorf("what is sensitive is listed: %+v", k)
		}
	}
}
