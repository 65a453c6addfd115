package geo

import (
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// modelStreets are the names of a made-up town: those that Israeli towns
// have, with what makes them hard.
const modelStreets = `הרצל;ז'בוטינסקי;סוקולוב;שדרות בן גוריון;הרמב"ם;ש"י עגנון;חיים נחמן ביאליק;כ"ט בנובמבר;הרב קוק;הרב עוזיאל;
ויצמן;ארלוזורוב;שדרות רוטשילד;אחד העם;יהודה הלוי;אבן גבירול;דיזנגוף;נורדאו;שאול המלך;דרך מנחם בגין;הנביאים;קק"ל;צה"ל;
יוסף טרומפלדור;הגדוד העברי;שלמה המלך;דוד המלך;בן יהודה;א.ד. גורדון;י.ל. פרץ;סמטת הגיבורים;כיכר העצמאות;העצמאות;
רמב"ן;רש"י;רבי עקיבא;רבי טרפון;ד"ר חיים וייצמן;פרופ' קלאוזנר;אליהו הנביא;יצחק שדה;יצחק רבין;לוי אשכול;גולדה מאיר;
משה דיין;משה שרת;חנה סנש;חנה רובינא;שבעת הכוכבים;אחד עשר הנקודות;יוסף קארו;נחום סוקולוב;שמואל הנגיד;האלון;האורן;הזית;
התאנה;הגפן;הרימון;התמר;השקד;הדקל;הארז;הברוש;האשל;השיטה;הנרקיס;הכלנית;הרקפת;החבצלת;היסמין;הסביון;הנורית;
כצנלסון;אוסישקין;מונטיפיורי;בר כוכבא;בר אילן;החשמונאים;המכבים;יהודה המכבי;הפלמ"ח;הלח"י;האצ"ל;ההגנה;הפועל;
יואב;יונתן;אבנר;אסתר המלכה;דבורה הנביאה;שמשון;גדעון;יפתח;שמעון בן שטח;רבי יהודה הנשיא;הרב הרצוג;הרב נסים;
הרצוג;עמק יזרעאל;עמק האלה;הר תבור;הר מירון;הר הצופים;הגליל;הנגב;הגולן;הירדן;ירושלים;טבריה;צפת;חברון;לכיש;
השומר;החלוץ;הבנים;המייסדים;הראשונים;הוותיקים;הפרדס;ההדרים;התפוז;האתרוג;השלום;האחווה;הרעות;הצנחנים;גבעתי;גולני`

// modelTown lays the streets out as a grid: the even ones run west to east,
// the odd ones south to north, and each has houses every ten metres.
func modelTown() register {
	var r register
	names := strings.Split(strings.ReplaceAll(modelStreets, "\n", ""), ";")
	plane := PlaneAt(orb.Point{34.86, 32.32})
	for i, name := range names {
		at := float64(i/2) * 90
		s := Street{ID: int64(i + 1), Name: name}
		var line orb.LineString
		point := func(along, off float64) orb.Point {
			if i%2 == 0 {
				return plane.Point(orb.Point{along, at + off})
			}
			return plane.Point(orb.Point{at - off, along})
		}
		for along := -50.0; along <= 6200; along += 250 {
			line = append(line, point(along, 0))
		}
		s.Geom = orb.MultiLineString{line}
		r.streets = append(r.streets, s)
		for n := 1; n <= 60; n++ {
			off := 15.0
			if n%2 == 0 {
				off = -15
			}
			r.addresses = append(r.addresses, Address{ID: int64(len(r.addresses) + 1), Street: s.ID, House: fmt.Sprint(n), Point: point(float64(n)*20+float64(i%2)*40, off)})
			if n == 17 {
				r.addresses = append(r.addresses, Address{ID: int64(len(r.addresses) + 1), Street: s.ID, House: "17א", Point: point(float64(n)*20+10, off)})
			}
		}
	}
	box := func(x0, y0, x1, y1 float64) orb.MultiPolygon {
		b := orb.Bound{Min: plane.Point(orb.Point{x0, y0}), Max: plane.Point(orb.Point{x1, y1})}
		return orb.MultiPolygon{{b.ToRing()}}
	}
	r.areas = []Area{
		{Level: Boundary, Code: "C", Name: "חולות הים", Names: Names{"en": "Holot Hayam"}, Geom: box(-500, -500, 7000, 7000)},
		{Level: District, Code: "D1", Name: "רובע א'", Geom: box(-500, -500, 7000, 3000)},
		{Level: District, Code: "D2", Name: "רובע ב'", Geom: box(-500, 3000, 7000, 7000)},
		{Level: Neighbourhood, Code: "N1", Name: "נווה שאנן", Geom: box(-500, -500, 3000, 3000)},
		{Level: Neighbourhood, Code: "N2", Name: "שכונת הפועלים", Geom: box(3000, -500, 7000, 3000)},
		{Level: Neighbourhood, Code: "N3", Name: "קריית הים", Geom: box(-500, 3000, 7000, 7000)},
	}
	return r
}

func modelPlaces() []Place {
	plane := PlaneAt(orb.Point{34.86, 32.32})
	at := func(x, y float64) orb.Point { return plane.Point(orb.Point{x, y}) }
	return []Place{
		{ID: 1, Kind: KindSchool, Name: `בית ספר יסודי ניצנים`, Point: at(300, 310)},
		{ID: 2, Kind: KindSchool, Name: `אורט`, Names: Names{"en": "ORT"}, Point: at(900, 310)},
		{ID: 3, Kind: KindKindergarten, Name: `גן ילדים כלנית`, Point: at(500, 700)},
		{ID: 4, Kind: KindClinic, Name: `כללית`, Aliases: []string{"קופת חולים כללית"}, Point: at(1500, 700)},
		{ID: 5, Kind: KindSynagogue, Name: `היכל יצחק`, Point: at(2000, 900)},
		{ID: 6, Kind: KindMall, Name: `קניון השרון`, Point: at(2500, 900)},
		{ID: 7, Kind: KindPark, Name: `פארק הזהב`, Point: at(2500, 1900)},
		{ID: 8, Kind: KindCommunity, Name: `מתנ"ס רבין`, Point: at(100, 1900)},
		{ID: 9, Kind: KindSchool, Name: `בי"ס ז'בוטינסקי`, Point: at(1100, 1900)},
		{ID: 10, Kind: KindBusStation, Name: `תחנה מרכזית`, Point: at(1300, 1300)},
	}
}
