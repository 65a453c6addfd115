package dispatch_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"moked/dispatch"
)

var (
	lamp = dispatch.Category{Code: "street-light-out", Department: "electricity", Skills: []string{"electrician"}, WorkMins: 30, Auto: true}
	work = dispatch.Job{ID: red, Department: "electricity", Category: "street-light-out", Place: dispatch.Place{District: &dispatch.Ref{Code: "north"}}}
)

// able is a crew that could go at once, ten minutes away.
func able(code string, change func(*dispatch.Candidate)) dispatch.Candidate {
	until := noon.Add(6 * time.Hour)
	k := dispatch.Candidate{
		Crew: dispatch.Crew{
			ID: uuid.NewSHA1(uuid.Nil, []byte(code)), Code: code, Departments: []string{"electricity"}, Skills: []string{"electrician"}, OnUntil: &until,
		},
		Seconds: 600, Age: 10 * time.Second, InZone: true,
	}
	if change != nil {
		change(&k)
	}
	return k
}

func order(crews []dispatch.Candidate, ranked []dispatch.Recommendation) string {
	var codes []string
	for _, r := range ranked {
		for _, k := range crews {
			if k.Crew.ID == r.Crew {
				codes = append(codes, k.Crew.Code)
			}
		}
	}
	return strings.Join(codes, " ")
}

func TestRecommendRanks(t *testing.T) {
	t.Parallel()
	soon := noon.Add(15 * time.Minute)
	for _, k := range []struct {
		why    string
		better func(*dispatch.Candidate)
		worse  func(*dispatch.Candidate)
		due    *time.Time
	}{
		{"the sooner", func(k *dispatch.Candidate) { k.Seconds = 300 }, nil, nil},
		{"the free one", nil, func(k *dispatch.Candidate) { k.Jobs, k.Ahead = 1, 20*time.Minute }, nil},
		{"the near one who is nearly done over the far one who is free", func(k *dispatch.Candidate) { k.Jobs, k.Ahead, k.Seconds = 1, 2*time.Minute, 60 }, func(k *dispatch.Candidate) { k.Seconds = 1500 }, nil},
		{"the one in its zone", nil, func(k *dispatch.Candidate) { k.InZone = false }, nil},
		{"the district's own", nil, func(k *dispatch.Candidate) { k.Crew.District = "south" }, nil},
		{"the one whose position is fresh", nil, func(k *dispatch.Candidate) { k.Age = 20 * time.Minute }, nil},
		{"the one whose way is known", nil, func(k *dispatch.Candidate) { k.Seconds = math.NaN() }, nil},
		{"the suitable one, however far", func(k *dispatch.Candidate) { k.Seconds = 9000 }, func(k *dispatch.Candidate) { k.Crew.Skills = nil; k.Seconds = 1 }, nil},
		{"the one on shift", func(k *dispatch.Candidate) { k.Seconds = 9000 }, func(k *dispatch.Candidate) { k.Crew.OnUntil = nil }, nil},
		{"who makes the due time, out of zone, over who doesn't", func(k *dispatch.Candidate) { k.Seconds, k.InZone, k.Crew.District = 880, false, "south" }, func(k *dispatch.Candidate) { k.Seconds = 920 }, &soon},
		{"of two late ones the sooner", func(k *dispatch.Candidate) { k.Seconds = 1000 }, func(k *dispatch.Candidate) { k.Seconds = 2000 }, &soon},
		{"at equals, the code", nil, nil, nil},
	} {
		job := work
		job.DueAt = k.due
		crews := []dispatch.Candidate{able("b", k.worse), able("a", k.better)}
		ranked := dispatch.Recommend(job, lamp, nil, crews, noon)
		if got := order(crews, ranked); got != "a b" {
			t.Errorf("%s: %s", k.why, got)
		}
		if ranked[0].Score < ranked[1].Score {
			t.Errorf("%s: scores %v, %v", k.why, ranked[0].Score, ranked[1].Score)
		}
	}
}

func TestRecommendSaysWhyNot(t *testing.T) {
	t.Parallel()
	ended, soon := noon, noon.Add(5*time.Minute)
	for _, k := range []struct {
		change func(*dispatch.Candidate)
		why    string
	}{
		{func(k *dispatch.Candidate) { k.Crew.Skills = []string{"lift"} }, "חסר: חשמלאי"},
		{func(k *dispatch.Candidate) { k.Crew.Departments = []string{"water"} }, "אגף אחר"},
		{func(k *dispatch.Candidate) { k.Crew.OnUntil = nil }, "לא במשמרת"},
		{func(k *dispatch.Candidate) { k.Crew.OnUntil = &ended }, "לא במשמרת"},
		{func(k *dispatch.Candidate) { k.Crew.OnBreak = true }, "בהפסקה"},
		{func(k *dispatch.Candidate) { k.Crew.OnUntil = &soon }, "המשמרת מסתיימת בעוד 5 דק'"},
		{func(k *dispatch.Candidate) { k.Seconds = math.Inf(1) }, "אין דרך למקום"},
		{func(k *dispatch.Candidate) { k.Declined = true }, "החזיר את המשימה"},
	} {
		ranked := dispatch.Recommend(work, lamp, nil, []dispatch.Candidate{able("a", k.change)}, noon)
		if len(ranked) != 1 || ranked[0].Suitable || ranked[0].Score != 0 || !slices.Contains(ranked[0].In("he").Text, k.why) {
			t.Errorf("want %q of %+v", k.why, ranked)
		}
	}
	mine := work
	crew := able("a", nil)
	mine.Crew = &crew.Crew.ID
	if r := dispatch.Recommend(mine, lamp, nil, []dispatch.Candidate{crew}, noon); r[0].Suitable {
		t.Errorf("recommended to the crew that has it: %+v", r)
	}
	if r := dispatch.Recommend(work, lamp, nil, []dispatch.Candidate{able("a", func(k *dispatch.Candidate) { k.Crew.Retired = true })}, noon); len(r) != 0 {
		t.Errorf("a retired crew is listed: %+v", r)
	}
}

func TestRecommendSaysWhy(t *testing.T) {
	t.Parallel()
	crew := able("a", func(k *dispatch.Candidate) { k.Seconds, k.Jobs, k.Ahead = 350, 1, 5*time.Minute })
	r := dispatch.Recommend(work, lamp, nil, []dispatch.Candidate{crew}, noon)[0]
	for lang, want := range map[string][]string{
		"he":    {"חשמלאי", "6 דק'", "באזור", "משימה אחת לפניה"},
		"en-GB": {"electrician", "6 min", "in its zone", "one job ahead"},
		"ru":    {"электрик", "6 мин", "в своей зоне", "одна задача впереди"},
		"ar":    {"كهربائي", "6 د", "في منطقته", "مهمة واحدة قبلها"},
	} {
		if diff := cmp.Diff(want, r.In(lang).Text); diff != "" {
			t.Errorf("%s: %s", lang, diff)
		}
	}
	var back dispatch.Recommendation
	body, _ := json.Marshal(r)
	if err := json.Unmarshal(body, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r.In("he").Text, back.In("he").Text); diff != "" {
		t.Errorf("after JSON: %s", diff)
	}
}

func TestRecommendByClocks(t *testing.T) {
	t.Parallel()
	crews := []dispatch.Candidate{able("a", nil)} // arrives at +10, is done at +40
	stop := noon
	for _, k := range []struct {
		why    string
		clocks []dispatch.Clock
		onTime bool
	}{
		{"arrives in time", []dispatch.Clock{{Kind: dispatch.Response, DueAt: noon.Add(10 * time.Minute)}}, true},
		{"arrives late", []dispatch.Clock{{Kind: dispatch.Response, DueAt: noon.Add(9 * time.Minute)}}, false},
		{"is done in time", []dispatch.Clock{{Kind: dispatch.Resolution, DueAt: noon.Add(40 * time.Minute)}}, true},
		{"arrives in time but is done late", []dispatch.Clock{{Kind: dispatch.Response, DueAt: noon.Add(time.Hour)}, {Kind: dispatch.Resolution, DueAt: noon.Add(39 * time.Minute)}}, false},
		{"a stopped clock doesn't count", []dispatch.Clock{{Kind: dispatch.Response, DueAt: noon.Add(-time.Hour), StoppedAt: &stop}}, true},
		{"a paused clock doesn't count", []dispatch.Clock{{Kind: dispatch.Response, DueAt: noon, Pauses: []dispatch.Pause{{From: noon}}}}, true},
	} {
		if r := dispatch.Recommend(work, lamp, k.clocks, crews, noon)[0]; r.OnTime != k.onTime || (r.Score > 0.5) != k.onTime || !r.Suitable {
			t.Errorf("%s: %+v", k.why, r)
		}
	}
}

func TestAuto(t *testing.T) {
	t.Parallel()
	manual := lamp
	manual.Auto = false
	good, lost, off := able("a", nil), able("a", func(k *dispatch.Candidate) { k.Seconds = math.NaN() }), able("a", func(k *dispatch.Candidate) { k.Crew.OnBreak = true })
	for _, k := range []struct {
		why  string
		c    dispatch.Category
		crew []dispatch.Candidate
		ok   bool
	}{
		{"the first", lamp, []dispatch.Candidate{off, good}, true},
		{"not unless the category says so", manual, []dispatch.Candidate{good}, false},
		{"nobody there", lamp, nil, false},
		{"nobody suitable", lamp, []dispatch.Candidate{off}, false},
		{"nobody knows where", lamp, []dispatch.Candidate{lost}, false},
	} {
		crew, ok := dispatch.Auto(k.c, dispatch.Recommend(work, k.c, nil, k.crew, noon))
		if ok != k.ok || ok != (crew == good.Crew.ID) {
			t.Errorf("%s: %v %v", k.why, crew, ok)
		}
	}
}

func TestRecommendProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		due := noon.Add(time.Duration(rapid.IntRange(-60, 120).Draw(t, "due")) * time.Minute)
		job := work
		job.DueAt = &due
		crews := make([]dispatch.Candidate, rapid.IntRange(0, 10).Draw(t, "n"))
		for i := range crews {
			crews[i] = able(fmt.Sprint(i%4, "-", i), func(k *dispatch.Candidate) {
				k.Seconds = rapid.SampledFrom([]float64{0, 60, 600, 3600, 1e9, math.NaN(), math.Inf(1), -5}).Draw(t, "seconds")
				k.Age = time.Duration(rapid.IntRange(-1, 7200).Draw(t, "age")) * time.Second
				k.Jobs = rapid.IntRange(0, 5).Draw(t, "jobs")
				k.Ahead = time.Duration(rapid.IntRange(0, 300).Draw(t, "ahead")) * time.Minute
				k.InZone = rapid.Bool().Draw(t, "zone")
				k.Crew.OnBreak = rapid.Bool().Draw(t, "break")
				k.Crew.District = rapid.SampledFrom([]string{"", "north", "south"}).Draw(t, "district")
			})
		}
		ranked := dispatch.Recommend(job, lamp, nil, crews, noon)
		if len(ranked) != len(crews) {
			t.Fatalf("%d of %d crews", len(ranked), len(crews))
		}
		for i, r := range ranked {
			if r.Score < 0 || r.Score > 1 || r.Suitable != (r.Score > 0) || len(r.Reasons) == 0 {
				t.Fatalf("%+v", r)
			}
			if i > 0 && r.Score > ranked[i-1].Score {
				t.Fatalf("score %v after %v", r.Score, ranked[i-1].Score)
			}
			if _, err := json.Marshal(r); err != nil {
				t.Fatal(err)
			}
		}
		shuffled := slices.Clone(crews)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(crews), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(ranked, dispatch.Recommend(job, lamp, nil, shuffled, noon), cmpopts.IgnoreUnexported(dispatch.Recommendation{})); diff != "" {
			t.Fatalf("the order of the crews matters: %s", diff)
		}
		if len(crews) == 0 {
			return
		}
		i := rapid.IntRange(0, len(crews)-1).Draw(t, "which")
		place := func(crews []dispatch.Candidate) int {
			return slices.IndexFunc(dispatch.Recommend(job, lamp, nil, crews, noon), func(r dispatch.Recommendation) bool { return r.Crew == crews[i].Crew.ID })
		}
		before := place(crews)
		crews[i].Seconds /= 2
		if after := place(crews); after > before {
			t.Fatalf("half the way put the crew from place %d to %d", before, after)
		}
	})
}

// Each key that a decision may give has its text in every language.
func TestReasonsHaveTexts(t *testing.T) {
	t.Parallel()
	for _, key := range dispatch.ReasonKeys() {
		for _, lang := range []string{"he", "en", "ar", "ru"} {
			text := dispatch.Reason{Key: key, Args: map[string]any{
				"skill": "vet", "minutes": 3, "jobs": 2.0, "number": "26-000001", "metres": 12.3, "limit": 30.0, "hours": 5.0, "precision": "street", "time": "10:40", "clocks": 2,
			}}.Text(lang)
			if text == "" || text == key || strings.ContainsAny(text, "{}|") {
				t.Errorf("%s in %s: %q", key, lang, text)
			}
		}
	}
	if got := (dispatch.Reason{Key: "new"}).Text("he"); got != "new" {
		t.Errorf("an unknown key: %q", got)
	}
}

func BenchmarkRecommend(b *testing.B) {
	crews := make([]dispatch.Candidate, 200)
	for i := range crews {
		crews[i] = able(fmt.Sprint(i), func(k *dispatch.Candidate) { k.Seconds = float64(i*37%1800 + 1) })
	}
	for b.Loop() {
		dispatch.Recommend(work, lamp, nil, crews, noon)
	}
}

// A crew on standby goes when nobody on duty fits, or at once for what is most
// urgent; and says so.
func TestRecommendStandby(t *testing.T) {
	t.Parallel()
	standby := func(k *dispatch.Candidate) {
		k.Crew.OnUntil, k.Crew.StandbyUntil, k.Seconds = nil, in(6*time.Hour), 60
	}
	far := func(k *dispatch.Candidate) { k.Seconds = 5000 }
	lacks := func(k *dispatch.Candidate) { k.Crew.Skills = nil }
	for _, k := range []struct {
		why      string
		priority int
		onDuty   func(*dispatch.Candidate)
		order    string
		suitable bool
		said     string
	}{
		{"a crew on duty fits, however far", 3, far, "b a", false, "בכוננות: יש צוות מתאים במשמרת"},
		{"none on duty fits", 3, lacks, "a b", true, "בכוננות: אין צוות מתאים במשמרת"},
		{"urgent, and nearer for all the calling out", 1, far, "a b", true, "בכוננות, דחוף: אפשר להקפיץ"},
		{"urgent, but the one on duty is there sooner", 1, nil, "b a", true, "בכוננות, דחוף: אפשר להקפיץ"},
	} {
		job := work
		job.Priority = k.priority
		crews := []dispatch.Candidate{able("a", standby), able("b", k.onDuty)}
		ranked := dispatch.Recommend(job, lamp, nil, crews, noon)
		if got := order(crews, ranked); got != k.order {
			t.Errorf("%s: %s", k.why, got)
		}
		for _, r := range ranked {
			if r.Crew == crews[0].Crew.ID && (r.Suitable != k.suitable || r.In("he").Text[0] != k.said || (r.Score > 0) != k.suitable) {
				t.Errorf("%s: %+v", k.why, r)
			}
		}
		if crew, ok := dispatch.Auto(lamp, ranked); ok && crew == crews[0].Crew.ID {
			t.Errorf("%s: called in without a person", k.why)
		}
	}
}

// A crew on a break comes when it ends, and a crew whose shift ends first comes
// after one whose doesn't.
func TestRecommendTimes(t *testing.T) {
	t.Parallel()
	resting := func(d time.Duration) func(*dispatch.Candidate) {
		return func(k *dispatch.Candidate) { k.Crew.OnBreak, k.Crew.BreakUntil = true, in(d) }
	}
	crews := []dispatch.Candidate{able("a", resting(20*time.Minute)), able("b", func(k *dispatch.Candidate) { k.Seconds = 1200 })}
	ranked := dispatch.Recommend(work, lamp, nil, crews, noon)
	if got := order(crews, ranked); got != "b a" || !ranked[1].Suitable || !slices.Contains(ranked[1].In("en").Text, "back from a break in 20 min") {
		t.Errorf("%s: %+v", got, ranked[1])
	}
	if _, ok := dispatch.Auto(lamp, ranked[1:]); ok {
		t.Error("called out of its break without a person")
	}
	crews[1] = able("b", func(k *dispatch.Candidate) { k.Seconds = 3600 })
	if got := order(crews, dispatch.Recommend(work, lamp, nil, crews, noon)); got != "a b" {
		t.Errorf("the one back in 20 minutes over the one an hour away: %s", got)
	}
	// Ten minutes' way and half an hour's work: a shift of 35 minutes is short.
	crews = []dispatch.Candidate{able("a", func(k *dispatch.Candidate) { k.Crew.OnUntil = in(35 * time.Minute) }), able("b", func(k *dispatch.Candidate) { k.Seconds = 900 })}
	ranked = dispatch.Recommend(work, lamp, nil, crews, noon)
	if got := order(crews, ranked); got != "b a" || !ranked[1].Suitable || !slices.Contains(ranked[1].In("he").Text, "המשמרת תסתיים לפני סוף העבודה") {
		t.Errorf("%s: %+v", got, ranked[1])
	}
	// The shift's own skills count.
	lift := lamp
	lift.Skills = []string{"electrician", "lift"}
	crews = []dispatch.Candidate{able("a", nil), able("b", func(k *dispatch.Candidate) { k.Crew.Shift = &dispatch.Shift{Skills: []string{"lift"}} })}
	if ranked = dispatch.Recommend(work, lift, nil, crews, noon); order(crews, ranked) != "b a" || !ranked[0].Suitable || ranked[1].Suitable {
		t.Errorf("%+v", ranked)
	}
}
