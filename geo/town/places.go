package town

import (
	"github.com/paulmach/orb"

	"moked/geo"
)

// perPeople says how many residents share one place of a kind, and how it is
// named: with a word of its own, or as the neighbourhood's.
var perPeople = []struct {
	kind    string
	people  int
	he, en  string
	ownWord bool
}{
	{geo.KindSchool, 7_000, "בית ספר", "School", true},
	{geo.KindKindergarten, 3_000, "גן", "Kindergarten", true},
	{geo.KindSynagogue, 4_000, "בית הכנסת", "Synagogue", true},
	{geo.KindClinic, 15_000, "קופת חולים", "Clinic", false},
	{geo.KindCommunity, 25_000, "מרכז קהילתי", "Community Centre", false},
	{geo.KindSupermarket, 12_000, "סופרמרקט", "Supermarket", false},
	{geo.KindPharmacy, 20_000, "בית מרקחת", "Pharmacy", false},
	{geo.KindSports, 40_000, "מרכז הספורט", "Sports Centre", false},
	{geo.KindMall, 60_000, "קניון", "Mall", true},
	{geo.KindLibrary, 60_000, "הספרייה העירונית", "Municipal Library", false},
	{geo.KindCollege, 120_000, "מכללת", "College", true},
}

// findPlaces gives the town its institutions, spread over its houses, and one
// each of what a city has one of.
func (p *plan) findPlaces() {
	if len(p.houses) == 0 {
		return
	}
	for _, k := range perPeople {
		for range max(1, p.population/k.people) {
			h := p.houses[p.r.IntN(len(p.houses))]
			n := word{k.he, k.en}
			if own := p.words.take(streetWords); k.ownWord {
				n = word{k.he + " " + own.he, own.en + " " + k.en}
			} else if hood := p.hoodOf(h); hood != nil {
				n = word{k.he + " " + hood.name, hood.nameEN + " " + k.en}
			}
			p.place(k.kind, n, h.door)
		}
	}
	once := []struct {
		kind string
		name word
		x, y float64
	}{
		{geo.KindTownHall, word{"בית העירייה", "City Hall"}, 0.3, 0.5},
		{geo.KindHospital, word{"בית החולים האזורי", "Regional Hospital"}, 0.7, 0.7},
		{geo.KindPolice, word{"תחנת המשטרה", "Police Station"}, 0.4, 0.55},
		{geo.KindFire, word{"תחנת הכיבוי", "Fire Station"}, 0.6, 0.4},
		{geo.KindAmbulance, word{"תחנת מגן דוד אדום", "Ambulance Station"}, 0.5, 0.45},
		{geo.KindTrain, word{"תחנת הרכבת", "Railway Station"}, 0.92, 0.5},
		{geo.KindBusStation, word{"התחנה המרכזית", "Central Bus Station"}, 0.45, 0.48},
		{geo.KindMarket, word{"השוק העירוני", "City Market"}, 0.22, 0.52},
		{geo.KindTheatre, word{"היכל התרבות", "Performing Arts Centre"}, 0.35, 0.6},
		{geo.KindCemetery, word{"בית העלמין", "Cemetery"}, 0.85, 0.15},
	}
	for _, o := range once {
		p.place(o.kind, o.name, p.nearestDoor(orb.Point{o.x * p.w, o.y * p.h}))
	}
	for i, y := range []float64{0.2, 0.45, 0.7} {
		n := []word{{"חוף הדקלים", "Palm Beach"}, {"החוף המרכזי", "Central Beach"}, {"חוף הצוק", "Cliff Beach"}}[i]
		p.place(geo.KindBeach, n, orb.Point{p.coast(y*p.h) + 30, y * p.h})
	}
	for _, g := range p.parks {
		p.place(geo.KindPark, g.name, g.ring.centroid())
	}
}

func (p *plan) place(kind string, n word, at orb.Point) {
	p.places = append(p.places, geo.Place{
		ID: int64(len(p.places) + 1), Kind: kind, Name: n.he,
		Names: geo.Names{"he": n.he, "en": n.en}, Point: p.globe(at),
	})
}

func (p *plan) hoodOf(h house) *cell {
	if i := p.streets[h.street].hood; i >= 0 {
		return p.hoods[i]
	}
	return nil
}

func (p *plan) nearestDoor(q orb.Point) orb.Point {
	best := p.houses[0].door
	d2 := func(a orb.Point) float64 { return (a[0]-q[0])*(a[0]-q[0]) + (a[1]-q[1])*(a[1]-q[1]) }
	for _, h := range p.houses {
		if d2(h.door) < d2(best) {
			best = h.door
		}
	}
	return best
}
