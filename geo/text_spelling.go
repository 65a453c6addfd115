package geo

import "strings"

// The tables of costs. Hebrew words differ most often in the vowel letters,
// then in letters of one sound, then by the finger's slip to a neighbouring
// key; an opening ה, or one of the letters that Hebrew glues to a word, is
// nearly free.
var (
	hebrewSpelling  = newHebrewSpelling()
	latinSpelling   = newLatinSpelling()
	toHebrew        = newToHebrew()
	toLatin         = toHebrew.reversed()
	hebrewKeyRows   = []string{"??קראטונמפ", "שדגכעיחלכפ", "זסבהנמצתצ"}
	latinKeyRows    = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}
	hebrewSoundLike = map[string]uint8{"טת": 7, "כק": 7, "חכ": 8, "סש": 9, "אע": 7, "הא": 10, "בו": 10, "סצ": 12, "זס": 12, "זצ": 12, "הע": 12, "תס": 14, "וי": 12, "הח": 14, "דז": 16}
)

func plainSpelling() *spelling {
	t := &spelling{swap: 16}
	for a := range t.sub {
		for b := range t.sub[a] {
			if a != b {
				t.sub[a][b] = oneEdit
			}
		}
		t.extra[a], t.miss[a] = oneEdit, oneEdit
		t.double[a] = 12
	}
	t.finish()
	return t
}

// finish keeps digits from being taken for anything else, and copies the inner
// costs to the word's ends.
func (t *spelling) finish() {
	const never = 120
	for d := byte(symDigit); d < symDigit+10; d++ {
		for c := range t.sub {
			t.sub[d][c], t.sub[c][d] = never, never
		}
		t.sub[d][d] = 0
		t.extra[d], t.miss[d], t.double[d] = never, never, never
	}
	t.firstExtra, t.firstMiss = t.extra, t.miss
	t.lastExtra, t.lastMiss = t.extra, t.miss
}

func (t *spelling) neighbours(rows []string) {
	for y, row := range rows {
		r := []rune(row)
		for x := range r {
			if x > 0 {
				t.near(r[x-1], r[x], 15)
			}
			if y+1 < len(rows) {
				below := []rune(rows[y+1])
				for dx := -1; dx <= 0; dx++ {
					if k := x + dx; k >= 0 && k < len(below) {
						t.near(r[x], below[k], 16)
					}
				}
			}
		}
	}
}

// near lowers the cost of taking one letter for another, both ways.
func (t *spelling) near(a, b rune, cost uint8) {
	x, y := symbolOf(a), symbolOf(b)
	if x != y {
		t.sub[x][y] = min(t.sub[x][y], cost)
		t.sub[y][x] = min(t.sub[y][x], cost)
	}
}

func symbolOf(r rune) byte {
	switch r {
	case 'S':
		return symSh
	case 'C':
		return symCh
	case 'T':
		return symTs
	case 'Z':
		return symZh
	}
	return symbols(string(r))[0]
}

func newHebrewSpelling() *spelling {
	t := plainSpelling()
	t.neighbours(hebrewKeyRows)
	for pair, cost := range hebrewSoundLike {
		r := []rune(pair)
		t.near(r[0], r[len(r)-1], cost)
	}
	set := func(letters string, a *[symCount]uint8, cost uint8) {
		for _, r := range letters {
			a[symbolOf(r)] = cost
		}
	}
	set("יו", &t.extra, 6)
	set("יו", &t.miss, 6)
	set("א", &t.extra, 10)
	set("א", &t.miss, 10)
	set("הע", &t.extra, 16)
	set("הע", &t.miss, 16)
	set("יו", &t.double, 3)
	t.finish()
	set("יוא", &t.firstMiss, 18)
	set("א", &t.firstExtra, 14)
	set("ה", &t.firstMiss, 4)
	set("ה", &t.firstExtra, 4)
	set("בלמושכ", &t.firstExtra, 6)
	set("יו", &t.lastExtra, 14)
	set("יו", &t.lastMiss, 14)
	set("אה", &t.lastExtra, 12)
	set("אה", &t.lastMiss, 12)
	return t
}

func newLatinSpelling() *spelling {
	t := plainSpelling()
	t.neighbours(latinKeyRows)
	for _, p := range strings.Fields("iy4 vw4 kc4 kq4 cq5 ce20 sz8 Ck6 Ch6 Cc7 Tz5 Ts8 Tc9 Ss7 Zz8 Zj5 gj9 bv9 pf9 fv10 ei7 ea8 ao9 ou7 ae8 ai9 uw8 yj8 dt12 gh8 mn12") {
		r := []rune(p)
		cost := uint8(0)
		for _, d := range r[2:] {
			cost = cost*10 + uint8(d-'0')
		}
		t.near(r[0], r[1], cost)
	}
	for _, r := range "aeiou" {
		t.extra[symbolOf(r)], t.miss[symbolOf(r)] = 9, 9
	}
	for _, r := range "hy" {
		t.extra[symbolOf(r)], t.miss[symbolOf(r)] = 8, 8
	}
	for a := range t.double {
		t.double[a] = 3
	}
	t.finish()
	for _, r := range "aeiou" {
		t.firstExtra[symbolOf(r)], t.firstMiss[symbolOf(r)] = 16, 16
	}
	return t
}

// newToHebrew compares a word said in Latin letters with a Hebrew one. Latin
// vowels that Hebrew leaves out cost next to nothing.
func newToHebrew() *spelling {
	t := plainSpelling()
	for a := range t.sub {
		for b := range t.sub[a] {
			t.sub[a][b] = oneEdit
		}
	}
	for _, p := range strings.Fields(
		"בbv בw3 בp12 בf8 גg גj4 דd הh הg4 הa1 הe5 וvwou וf8 זz זZ2 זj3 זs7 חCh חk7 חx4 טt טd12 יyij יe3 כkCcq חc6 לl מm נn סs סc5 סz7 סT8 עaeoi1 אaeiou פpf פb9 צT צz4 צs7 צc7 צC3 צj8 קkqc קC8 קx6 רr שS שs3 תt תd12 גC8 הC5") {
		r := []rune(p)
		cost, end := uint8(0), len(r)
		for i, d := range r {
			if i > 0 && isDigit(d) {
				end = min(end, i)
				cost = cost*10 + uint8(d-'0')
			}
		}
		for _, c := range r[1:end] {
			x, y := symbols(string(r[0]))[0], symbolOf(c)
			t.sub[y][x] = min(t.sub[y][x], cost)
		}
	}
	vowels := func(a *[symCount]uint8, letters string, cost uint8) {
		for _, r := range letters {
			a[symbolOf(r)] = cost
		}
	}
	vowels(&t.extra, "aeiou", 1)
	vowels(&t.extra, "hy", 5)
	vowels(&t.extra, "j", 10)
	vowels(&t.miss, "אע", 2)
	vowels(&t.miss, "הוי", 4)
	for a := range t.double {
		t.double[a] = 4
	}
	t.finish()
	vowels(&t.firstExtra, "aeiou", 4)
	vowels(&t.lastExtra, "a", 5)
	vowels(&t.double, "וי", 1)
	vowels(&t.firstMiss, "אע", 4)
	vowels(&t.firstMiss, "ה", 5)
	vowels(&t.firstMiss, "וי", 12)
	vowels(&t.lastMiss, "ה", 2)
	return t
}

// reversed swaps the sides: a Hebrew word said, a Latin one written.
func (t *spelling) reversed() *spelling {
	r := &spelling{extra: t.miss, miss: t.extra, firstExtra: t.firstMiss, firstMiss: t.firstExtra,
		lastExtra: t.lastMiss, lastMiss: t.lastExtra, double: t.double, swap: t.swap}
	for a := range t.sub {
		for b := range t.sub[a] {
			r.sub[b][a] = t.sub[a][b]
		}
	}
	return r
}
