package sim

// weights is how often a subject comes up, in calls of one month of a hotline
// like Ashdod's (May 2026); subjects that its report doesn't list get a share
// by their urgency.
var weights = map[string]float64{
	"household-waste": 1677, "vehicle-abandoned": 678, "bulky-waste": 638, "animal-injured": 511, "pavement-broken": 426,
	"parking-blocking": 425, "mosquitoes": 358, "irrigation-leak": 342, "street-dirty": 319, "dead-animal": 250,
	"weeds": 211, "tree-pruning": 179, "waste-offence": 178, "building-waste": 161, "sewage-overflow": 131,
	"pothole": 226, "sign-damaged": 123, "parking-red-white": 227, "parking-pavement": 152, "sewer-blocked": 238,
	"water-leak": 179, "water-burst": 101, "animal-nuisance": 170, "dog-stray": 107, "waste-around-bin": 150,
	"park-dirty": 130, "motorbikes": 104, "rough-sleeper": 100, "noise-public": 76, "noise-home": 74, "fire": 20,
	"bench-broken": 38, "street-light-out": 260, "lighting-area-out": 40, "electric-hazard": 30, "traffic-light": 35,
	"tree-fallen": 45, "rats": 90, "cockroaches": 110, "manhole-cover": 40, "bin-broken": 120, "recycling": 90,
	"playground": 45, "road-accident": 12, "impact-site": 0, "hazmat": 1, "siren-fault": 1, "shelter": 6, "flooding": 6,
	"storm-damage": 5, "violence": 10, "dangerous-building": 12,
}

func weightOf(c category) float64 {
	if w, ok := weights[c.Code]; ok {
		return w
	}
	return 5 * float64(c.Priority)
}

// phrases are what callers say. A subject without any is told by its name.
var phrases = map[string][]string{
	"household-waste":   {"לא פינו את הפחים כבר יומיים", "הפחים עולים על גדותיהם", "משאית הזבל דילגה על הבניין שלנו", "זבל ביתי לא נאסף מאתמול"},
	"waste-around-bin":  {"שקיות זבל זרוקות סביב הטמון", "המכולה מלאה ויש זבל על המדרכה", "חתולים קרעו שקיות ליד הפחים"},
	"street-dirty":      {"הרחוב לא טואטא שבוע", "המדרכה מלאה בעלים ועטיפות", "שברי בקבוק על המדרכה"},
	"bulky-waste":       {"ספה ומזרן על המדרכה", "ערמת גזם חוסמת חניה", "מקרר ישן ליד הכניסה", "ענפים שמישהו גזם והשאיר"},
	"bin-broken":        {"לפח חסר מכסה", "גלגל שבור בעגלת האשפה", "אין פח ליד הבניין"},
	"dead-animal":       {"חתול דרוס בשולי הכביש", "ציפור מתה ליד גן הילדים", "פגר בצד המדרכה"},
	"water-burst":       {"מים פורצים מהכביש בלחץ", "פיצוץ צינור, הרחוב מוצף", "מזרקה של מים באמצע המדרכה"},
	"water-leak":        {"נזילה מתמשכת מהמדרכה", "מים זורמים לאורך אבן השפה", "רטיבות סביב שעון המים"},
	"sewage-overflow":   {"ביוב עולה מהשוחה", "ביוב זורם ברחוב, ריח נוראי", "השוחה גולשת מול הכניסה"},
	"sewer-blocked":     {"סתימה בקו, המים לא יורדים", "השוחה מלאה עד הקצה"},
	"manhole-cover":     {"מכסה שוחה זז ומרעיש", "חסר מכסה של שוחה, מסוכן"},
	"mosquitoes":        {"מכת יתושים, אי אפשר לצאת למרפסת", "מים עומדים ויתושים"},
	"rats":              {"ראינו חולדות ליד פחי האשפה", "עכברים בחצר המשותפת"},
	"cockroaches":       {"ג'וקים יוצאים מהשוחה", "מכת ג'וקים במדרכה"},
	"tree-fallen":       {"ענף גדול נפל על רכב", "עץ נטה וחוסם את המדרכה"},
	"tree-pruning":      {"ענפים מסתירים את הפנס", "העץ נכנס לחלון"},
	"irrigation-leak":   {"צינור השקיה קרוע ומשפריץ", "ממטרה שבורה משקה את הכביש", "טפטפת קרועה, בזבוז מים"},
	"weeds":             {"עשבייה גבוהה על המדרכה", "קוצים יבשים, סכנת שרפה"},
	"park-dirty":        {"הגן מלוכלך אחרי סוף השבוע", "פחים מלאים בגן"},
	"bench-broken":      {"קרש שבור בספסל", "ספסל מתנדנד"},
	"playground":        {"נדנדה עם שרשרת קרועה", "מגלשה סדוקה, מסוכן לילדים"},
	"pothole":           {"בור עמוק בנתיב הימני", "בור שפגע לי בצמיג", "שקע באספלט אחרי הגשם"},
	"pavement-broken":   {"מרצפות שבורות, אישה מעדה", "אבנים משתלבות התרוממו", "בור במדרכה"},
	"traffic-light":     {"הרמזור מהבהב בכתום", "הרמזור כבוי לגמרי"},
	"sign-damaged":      {"תמרור עצור שכוב", "תמרור מסתובב על העמוד"},
	"street-light-out":  {"פנס כבוי מול הבית", "שני פנסים לא דולקים", "הפנס מהבהב כל הלילה", "חושך במדרגות"},
	"lighting-area-out": {"כל הרחוב חשוך", "אין תאורה בשכונה מאז הערב"},
	"electric-hazard":   {"חוטים חשופים בעמוד", "מכסה עמוד חשמל פתוח"},
	"building-waste":    {"קבלן השליך פסולת בניין בשטח פתוח", "ערמת שברי בלוקים ליד הגן"},
	"waste-offence":     {"חצר מלאה בגרוטאות", "זבל בחדר המדרגות נשפך לרחוב"},
	"vehicle-abandoned": {"רכב בלי גלגלים עומד חודש", "רכב נטוש עם שמשה שבורה"},
	"obstruction":       {"קורקינטים זרוקים על המדרכה", "עגלה חוסמת מעבר"},
	"dog-stray":         {"כלב גדול משוטט בלי קולר", "כלב מבוהל מסתובב בין המכוניות"},
	"animal-injured":    {"חתול פצוע מתחת לרכב", "ינשוף פצוע על המדרכה"},
	"animal-nuisance":   {"עורבים תוקפים עוברים ושבים", "חזירי בר ליד הפחים"},
	"parking-blocking":  {"רכב חוסם את היציאה מהחניון", "חסמו לי את הרכב, אני חייבת לצאת"},
	"parking-red-white": {"רכב חונה באדום־לבן", "חניה שמסתירה את מעבר החציה"},
	"parking-pavement":  {"רכב על המדרכה, אי אפשר לעבור עם עגלה", "טנדר חונה על כל המדרכה"},
	"noise-public":      {"מוזיקה רועשת בגן", "צעקות וגיטרות מתחת לחלון"},
	"noise-home":        {"מסיבה בדירה ממול", "תופים אחרי אחת עשרה"},
	"motorbikes":        {"טרקטורונים דוהרים בחוף", "אופנועים בתוך הגן"},
	"rough-sleeper":     {"אדם ישן בכניסה לבניין", "דר רחוב שנראה חולה"},
	"fire":              {"עשן ואש בשטח הפתוח", "פח בוער"},
}

func (s *city) words(c category) string {
	if p := phrases[c.Code]; len(p) > 0 {
		return p[s.pick(len(p))]
	}
	return c.Names["he"]
}

var (
	givenNames = []string{"תושב", "תושבת", "ועד הבית", "בעל חנות", "עוברת אורח"}
	reasons    = []string{"אין לנו את החלק בניידת", "הגישה חסומה, נחזור", "נדרש מנוף"}
	notes      = []string{"טופל", "תוקן והוחזר למצב תקין", "נוקה ונאסף", "הוחלף החלק", "האתר בטוח"}
)
