package dispatch

// Skill is something a crew can do and a category may ask for.
type Skill struct {
	Code  string            `json:"code"`
	Names map[string]string `json:"names"`
}

// Skills lists the skills that the default catalogue speaks of. An authority
// may use codes of its own.
func Skills() []Skill {
	list := make([]Skill, len(skillNames))
	for i, s := range skillNames {
		list[i] = Skill{Code: s[0], Names: map[string]string{"he": s[1], "en": s[2], "ar": s[3], "ru": s[4]}}
	}
	return list
}

// SkillName is the name of who has the skill, in he, en, ar or ru; the code
// itself for one that isn't known.
func SkillName(code, lang string) string {
	for _, s := range skillNames {
		if s[0] == code {
			return s[1+langIndex(lang)]
		}
	}
	return code
}

var skillNames = [...][5]string{
	{"electrician", "חשמלאי", "electrician", "كهربائي", "электрик"},
	{"lift", "סל הרמה", "bucket lift", "رافعة سلّة", "автовышка"},
	{"crane", "מנוף", "crane", "رافعة", "кран"},
	{"sweeper", "טיאוט", "street sweeping", "كنس الشوارع", "подметание"},
	{"waste", "פינוי אשפה", "waste collection", "جمع النفايات", "вывоз мусора"},
	{"plumber", "אינסטלטור", "plumber", "سبّاك", "сантехник"},
	{"jetting", "ביובית", "sewer jetting", "تسليك المجاري", "прочистка канализации"},
	{"irrigation", "השקיה", "irrigation", "ريّ", "полив"},
	{"gardener", "גנן", "gardener", "بستاني", "садовник"},
	{"arborist", "גוזם עצים", "arborist", "مقلّم أشجار", "арборист"},
	{"paving", "ריצוף", "paving", "رصف", "мощение"},
	{"asphalt", "אספלט", "asphalt", "أسفلت", "асфальт"},
	{"signs", "תמרור", "road signs", "إشارات مرور", "дорожные знаки"},
	{"carpenter", "אחזקת מתקנים", "fixtures", "صيانة المرافق", "ремонт оборудования"},
	{"pest-control", "מדביר", "pest controller", "مكافح آفات", "дезинсектор"},
	{"vet", "וטרינר", "veterinarian", "طبيب بيطري", "ветеринар"},
	{"animal-catcher", "לוכד בעלי חיים", "animal catcher", "ماسك حيوانات", "отлов животных"},
	{"inspector", "פקח", "inspector", "مفتّش", "инспектор"},
	{"parking-warden", "פקח חניה", "parking warden", "مفتّش مواقف", "инспектор парковки"},
	{"tow", "גרר", "tow truck", "سحب مركبات", "эвакуатор"},
	{"building-inspector", "פקח בנייה", "building inspector", "مفتّش بناء", "строительный инспектор"},
	{"engineer", "מהנדס", "engineer", "مهندس", "инженер"},
	{"licensing", "רישוי עסקים", "business licensing", "ترخيص الأعمال", "лицензирование"},
	{"patrol", "סייר", "patrol", "دورية", "патруль"},
	{"first-aid", "עזרה ראשונה", "first aid", "إسعاف أولي", "первая помощь"},
	{"welfare", "עובד סוציאלי", "social worker", "عامل اجتماعي", "социальный работник"},
}
