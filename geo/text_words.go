package geo

import "strings"

// wordClass says what a word does in an address.
type wordClass uint8

const (
	plain      wordClass = iota
	streetWord           // רחוב: says only that a street follows
	typeWord             // שדרות, סמטת, כיכר: often part of the name, often left out
	titleWord            // הרב, ד"ר: part of the name, often left out
	areaWord             // שכונת, רובע
	kindWord             // בית ספר, קופת חולים: what kind of place
	nearWord             // ליד, מול
	cornerWord           // פינת, צומת
	unitWord             // דירה, קומה: what follows is inside the house
	houseWord            // מספר, בית before a number
	stopWord             // של, ה, de, la
	numberWord           // a number that is part of a name
)

// lexicon maps a word as it is written, without quotes and finals, to its
// class and to the one form that stands for all its spellings and languages.
// A form that begins with @ is no word of a name.
var lexicon = func() map[string]lexeme {
	m := map[string]lexeme{}
	add := func(class wordClass, form string, spelled string) {
		form = formOf(form)
		for _, w := range strings.Fields(form + " " + spelled) {
			if w = foldWord(w); w != "" {
				m[w] = lexeme{class, symbols(form)}
			}
		}
	}
	add(streetWord, "רחוב", "רח רחו רחב רחובות street st str rue rehov rechov rhov ul ulitsa улица ул ulica شارع")
	add(typeWord, "שדרות", "שד שדר שדרת שדרה שדירות שדרו boulevard blvd bd boul sderot sdrot sd бульвар бул бульв جادة")
	add(typeWord, "סמטה", "סמ סמט סמטת סימטה סימטת סמטא alley lane ln ruelle simta simtat переулок пер زقاق")
	add(typeWord, "כיכר", "ככר כיכ square sq kikar площадь пл ميدان ساحة")
	add(typeWord, "דרך", "road rd derech derekh route дорога шоссе طريق")
	add(typeWord, "משעול", "משע path mishol")
	add(typeWord, "שביל", "shvil")
	add(typeWord, "רחבה", "רחבת rahava")
	add(typeWord, "טיילת", "טילת promenade tayelet набережная")
	add(typeWord, "avenue", "ave av проспект просп")
	add(typeWord, "place", "pl plaza")
	add(typeWord, "quai", "quay")
	add(typeWord, "chemin", "ch")
	add(typeWord, "allee", "allees")
	add(typeWord, "impasse", "imp")
	add(typeWord, "passage", "pass")
	add(typeWord, "escalier", "escaliers")
	add(typeWord, "descente", "")
	add(titleWord, "הרב", "רב הרבי rabbi harav rav ravin рав ха-рав الحاخام")
	add(titleWord, "רבי", "ר rebbi rebi ribi")
	add(titleWord, "דר", "דוקטור doctor dr доктор")
	add(titleWord, "פרופ", "פרופסור professor prof профессор")
	add(titleWord, "האדמור", "אדמור admor")
	add(titleWord, "הנשיא", "president")
	add(titleWord, "אלוף", "general")
	add(titleWord, "סגן", "")
	add(titleWord, "קדושי", "")
	add(areaWord, "שכונה", "שכ שכו שכונת neighbourhood neighborhood shchunat shchuna район quartier حي")
	add(areaWord, "רובע", "רבע district quarter rova округ")
	add(nearWord, "@near", "ליד מול סמוכ בסמוכ בקרבת בקירבת קרוב עליד מאחורי אחרי לפני צמוד בצמוד נגד near opposite next behind beside возле около напротив рядом بجانب قرب מתחת מעל")
	add(cornerWord, "@corner", "פינת פינה פינ פנת corner cnr crn угол пересечение زاوية coin")
	add(unitWord, "@unit", "דירה דירת דיר קומה קומת כניסה כניסת כנ בניינ בנינ apartment apt flat entrance floor unit suite кв квартира подъезд этаж вход شقة מיקוד טלפונ טל נייד תד zip")
	add(houseWord, "@house", "מספר מס מספרו בית num number nr no дом д رقم מבנה")
	add(stopWord, "@stop", "של את על עמ זה יש נא de du des la le les l d the at on in of to in et на в у во al صومعة العنوان כתובת הכתובת address צומת צמת junction intersection")
	for _, words := range kindLexicon {
		f := strings.Fields(words)
		add(kindWord, f[0], strings.Join(f, " "))
	}
	return m
}()

type lexeme struct {
	class wordClass
	form  string // symbols
}

// formOf keeps the @ of the forms that are no words of a name.
func formOf(form string) string {
	if form[0] == '@' {
		return form
	}
	return foldWord(form)
}

// foldWord brings a word of these tables to the form that the reader makes.
func foldWord(w string) string { return strings.ReplaceAll(Normalise(w), " ", "") }

// kindForm is the form that stands for a kind of place, or nothing.
func kindForm(kind string) string {
	f := strings.Fields(kindLexicon[kind])
	if len(f) == 0 {
		return ""
	}
	return symbols(foldWord(f[0]))
}

// kindLexicon lists the words for each kind, the first one standing for all.
// Phrases are here without their space: the reader joins them first.
var kindLexicon = map[string]string{
	KindSchool:       "ביתספר ביס ביהס ביתהספר school école ecole школа مدرسة תיכונ תיכונ יסודי ישיבה",
	KindKindergarten: "גנילדימ גנהילדימ kindergarten детсад روضة גנחובה גנטרומ מעונ",
	KindCollege:      "מכללה מכללת college university אוניברסיטה אוניברסיטת колледж",
	KindLibrary:      "ספריה ספרייה ספריית ספרית library библиотека",
	KindHospital:     "ביתחולימ ביח ביהח ביתהחולימ hospital больница مستشفى",
	KindClinic:       "קופתחולימ קופח קופתהחולימ מרפאה מרפאת clinic поликлиника عيادة טיפתחלב",
	KindPharmacy:     "ביתמרקחת ביתהמרקחת pharmacy pharmacie аптека صيدلية סופרפארמ",
	KindNursingHome:  "ביתאבות ביאב",
	KindPolice:       "משטרה משטרת תחנתמשטרה תחנתהמשטרה police полиция شرطة",
	KindFire:         "כיבוי מכביאש כבאות תחנתכיבוי firestation",
	KindAmbulance:    "מדא תחנתמדא ambulance",
	KindShelter:      "מקלט shelter убежище ملجأ",
	KindTownHall:     "עירייה עיריה עיריית עירית townhall mairie мэрия بلدية",
	KindCourt:        "ביתמשפט ביתהמשפט court суд محكمة",
	KindPost:         "דואר סניפדואר ביתדואר postoffice почта بريد",
	KindBank:         "בנק bank банк بنك",
	KindSynagogue:    "ביתכנסת ביתהכנסת ביהכנ ביהכ ביהכנס ביכנ ביכ בהכנ synagogue синагога كنيس",
	KindMosque:       "מסגד mosque мечеть مسجد جامع",
	KindChurch:       "כנסייה כנסיה כנסיית church eglise église церковь كنيسة",
	KindMikveh:       "מקווה מקוה mikveh mikve миква",
	KindCemetery:     "ביתעלמינ ביתקברות בתיעלמינ cemetery cimetiere кладбище مقبرة",
	KindMall:         "קניונ מרכזמסחרי מרכזקניות mall каньон centrecommercial",
	KindMarket:       "שוק market рынок سوق",
	KindSupermarket:  "סופרמרקט סופר supermarket супермаркет",
	KindFuel:         "תחנתדלק תחנתהדלק petrol fuel заправка",
	KindParking:      "חניונ חניה חנייה parking парковка стоянка",
	KindHotel:        "מלונ hotel hôtel гостиница отель",
	KindPark:         "פארק גנציבורי גינה גינת גנ park parc jardin парк сад حديقة",
	KindPlayground:   "גנשעשועימ גנהשעשועימ גנמשחקימ מגרשמשחקימ playground",
	KindBeach:        "חופ beach plage пляж شاطئ",
	KindSports:       "אצטדיונ איצטדיונ אולמספורט מגרש בריכה בריכת stadium stade стадион",
	KindCommunity:    "מתנס מרכזקהילתי ביתעמ",
	KindTheatre:      "תיאטרונ theatre théâtre театр",
	KindMuseum:       "מוזיאונ museum musée музей متحف",
	KindMonument:     "אנדרטה אנדרטת monument памятник",
	KindTrain:        "תחנתרכבת תחנתהרכבת רכבת gare вокзал",
	KindBusStation:   "תחנהמרכזית תחנהמרכזי תמרכזית автовокзал",
	KindBusStop:      "תחנתאוטובוס תחנתהאוטובוס busstop остановка",
	KindBridge:       "גשר bridge мост جسر",
	KindIndustrial:   "אזורתעשייה אזורתעשיה אזהת",
}

// phrases lists the first words that may join with the next into one word of
// the lexicon: בית ספר, גן ילדים, על יד.
var phrases = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields("בית גנ קופת מרכז תחנת תחנה על מגרש אולמ סופר מכבי טיפת סניפ אזור בתי centre bus post fire town") {
		m[w] = true
	}
	return m
}()

// prefixes are the letters that Hebrew glues to the word that follows.
const prefixes = "בלמהושכ"

// lookUp finds a word in the lexicon, with up to two prefixes taken off.
func lookUp(w string) (lexeme, bool) {
	if l, ok := lexicon[w]; ok {
		return l, true
	}
	rest := w
	for range 2 {
		r := []rune(rest)
		if len(r) < 3 || !strings.ContainsRune(prefixes, r[0]) {
			break
		}
		rest = string(r[1:])
		if l, ok := lexicon[rest]; ok && l.class != stopWord && l.class != titleWord {
			return l, true
		}
	}
	return lexeme{}, false
}
