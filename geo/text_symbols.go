package geo

import "strings"

// Words are compared as strings of symbols, one byte a letter: Hebrew letters
// without finals, and the Latin letters that English, French, Russian and
// Arabic words are written in after transliteration, with the sounds that
// take two letters as one symbol. A word is of one script only.
const (
	symAlef  = 1  // א … ת are 1 … 22
	symTav   = 22 //
	symA     = 32 // a … z are 32 … 57
	symSh    = 58 // sh, ш
	symCh    = 59 // ch, kh, х
	symTs    = 60 // ts, tz, ц
	symZh    = 61 // zh, ж
	symDigit = 64 // 0 … 9
	symOther = 80 // letters of any other script
	symCount = 96
)

const hebrewLetters = "אבגדהוזחטיכלמנסעפצקרשת"

// hebrewSymbol maps a folded Hebrew rune, from א up, to its symbol. The code
// points of the finals are not used: they are folded before.
var hebrewSymbol = func() (m ['ת' - 'א' + 1]byte) {
	i := byte(symAlef)
	for _, r := range hebrewLetters {
		m[r-'א'] = i
		i++
	}
	return
}()

type script uint8

const (
	noScript script = iota
	hebrew
	latin
	cyrillic
	arabic
	digits
)

func scriptOf(r rune) script {
	switch {
	case isDigit(r):
		return digits
	case r >= 'א' && r <= 'ת':
		return hebrew
	case r >= 'a' && r <= 'z':
		return latin
	case r >= 0x0400 && r <= 0x04FF:
		return cyrillic
	case r >= 0x0621 && r <= 0x06D5:
		return arabic
	}
	return noScript
}

// symbols writes a folded word of one script as symbols; it stops at maxWord.
func symbols(w string) string {
	var buf [maxWord + 2]byte
	n := 0
	w = nominative(w)
	for _, r := range w {
		if n >= maxWord {
			break
		}
		switch scriptOf(r) {
		case hebrew:
			buf[n] = hebrewSymbol[r-'א']
			n++
		case latin:
			buf[n] = symA + byte(r-'a')
			n++
		case digits:
			buf[n] = symDigit + byte(r-'0')
			n++
		case cyrillic, arabic:
			for _, c := range []byte(latinOf(r)) {
				buf[n] = c
				n++
			}
		default:
			buf[n] = symOther + byte(r%16)
			n++
		}
	}
	return string(buf[:min(n, maxWord)])
}

// nominative takes a Russian adjective, as names of streets are, back to how
// the name itself is written: Жаботинского is Жаботински.
func nominative(w string) string {
	for _, end := range []string{"ского", "ская", "ской", "ский"} {
		if stem, ok := strings.CutSuffix(w, end); ok {
			return stem + "ски"
		}
	}
	return w
}

// maxWord bounds the symbols of a word, and of a whole name without spaces.
const maxWord = 40

// sounds folds the Latin letter pairs that write one sound, and doubled
// consonants, so that Hertzel and Herzl, Rothschild and Rotshild come near.
func sounds(s string) string {
	var buf [maxWord]byte
	n := 0
	for i := 0; i < len(s) && n < maxWord; i++ {
		c := s[i]
		var next byte
		if i+1 < len(s) {
			next = s[i+1]
		}
		switch {
		case c == next && !vowelSymbol(c):
			continue
		case c == lat('d') && next == symZh: // дж
			c, i = lat('j'), i+1
		case next == lat('h') && (c == lat('c') || c == lat('k')):
			c, i = symCh, i+1
		case next == lat('h') && (c == lat('s') || c == lat('t') || c == lat('p') || c == lat('z')):
			c = map[byte]byte{lat('s'): symSh, lat('t'): lat('t'), lat('p'): lat('f'), lat('z'): symZh}[c]
			i++
		case c == lat('t') && (next == lat('z') || next == lat('s')):
			c, i = symTs, i+1
		case c == lat('c') && next == lat('k'):
			continue
		case c == lat('c') && next == lat('z'):
			c, i = symTs, i+1
		}
		buf[n] = c
		n++
	}
	return string(buf[:n])
}

func lat(r byte) byte { return symA + r - 'a' }

func vowelSymbol(c byte) bool {
	switch c {
	case lat('a'), lat('e'), lat('i'), lat('o'), lat('u'), lat('y'):
		return true
	}
	return false
}

// cyrillicLatin and arabicLatin give letters as Latin symbols. The names are
// those of Hebrew words as Russian and Arabic write them, so г, for one, is
// left a g and meets ה in the table of costs.
var cyrillicLatin, arabicLatin = letterMap(
	"а a б b в v г g д d е e ё e ж Z з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х C ц T ч C ш S щ S ъ - ы y ь - э e ю iu я ia і i ї i є e ґ g ў v",
), letterMap(
	"ا a أ a إ i آ a ب b ت t ث t ج j ح h خ C د d ذ d ر r ز z س s ش S ص s ض d ط t ظ z ع - غ g ف f ق k ك k ل l م m ن n ه h و u ي i ى a ة a ء - ؤ o ئ e پ p چ C گ g ڤ v ی i ک k",
)

func letterMap(pairs string) map[rune]string {
	m := map[rune]string{}
	f := strings.Fields(pairs)
	for i := 0; i+1 < len(f); i += 2 {
		var s string
		switch f[i+1] {
		case "-":
		case "S":
			s = string([]byte{symSh})
		case "C":
			s = string([]byte{symCh})
		case "T":
			s = string([]byte{symTs})
		case "Z":
			s = string([]byte{symZh})
		default:
			for _, c := range []byte(f[i+1]) {
				s += string([]byte{lat(c)})
			}
		}
		m[[]rune(f[i])[0]] = s
	}
	return m
}

// latinOf gives the Latin symbols of a Cyrillic or Arabic letter.
func latinOf(r rune) string {
	if s, ok := cyrillicLatin[r]; ok {
		return s
	}
	return arabicLatin[r]
}

// skeleton is a set of the consonant classes of a word, and of those that it
// has twice, equal for spellings of the same sounds in either script. It
// sieves before words are compared: an error changes two of its bits at most.
func skeleton(s string) (m uint64) {
	for _, c := range []byte(s) {
		bit := uint64(skeletonOf[c])
		m |= bit | m&bit<<32
	}
	return
}

var skeletonOf = func() (t [256]uint32) {
	classes := []string{"בbvw", "גgj", "דd", "זצסשzscSTZ", "טתt", "כקחkqCx", "לl", "מm", "נn", "פpf", "רr"}
	for i, class := range classes {
		for _, r := range class {
			var c byte
			switch {
			case r == 'S':
				c = symSh
			case r == 'C':
				c = symCh
			case r == 'T':
				c = symTs
			case r == 'Z':
				c = symZh
			case scriptOf(r) == hebrew:
				c = hebrewSymbol[r-'א']
			default:
				c = lat(byte(r))
			}
			t[c] |= 1 << i
		}
	}
	for d := range 10 {
		t[symDigit+d] = 1 << (11 + d)
	}
	return
}()
