package dispatch

// defaultForm is what the default catalogue asks of crews: what the category
// needs by its own, and what its department always wants.
func defaultForm(c Category) Form {
	f := Form{PublicPhotos: !c.Sensitive, PhotoPlace: !c.Sensitive}
	switch c.Department {
	case "roads", "gardens", "sanitation", "water", "sewage":
		f.Photos = FormPhotos{Before: true, After: true}
	case "electricity", "pest-control", "engineering":
		f.Photos = FormPhotos{After: true}
	case "inspection", "licensing", "veterinary", "parking":
		f.Photos = FormPhotos{Before: true}
		f.PublicPhotos = false
	default:
		f.PublicPhotos = false
	}
	switch c.Department {
	case "electricity":
		f.Checklist = []CheckItem{
			must("power-off", "המתח נותק והמקום גודר", "Power cut and place fenced", "فُصل التيار وسُيّج المكان", "Напряжение снято, место ограждено"),
			must("tested", "נבדק ופועל", "Tested and working", "فُحص ويعمل", "Проверено, работает"),
		}
		f.Materials = []Material{
			material("lamp", "piece", "נורות", "Lamps", "مصابيح", "Лампы"),
			material("fuse", "piece", "נתיכים", "Fuses", "فواصم", "Предохранители"),
			material("cable", "metre", "כבל", "Cable", "كابل", "Кабель"),
		}
	case "water":
		f.Checklist = []CheckItem{
			must("valve", "המגוף נסגר ונפתח בחזרה", "Valve closed and opened again", "أُغلق الصمام ثم فُتح", "Задвижка закрыта и снова открыта"),
			may("residents-told", "התושבים עודכנו על הפסקת המים", "Residents told of the water stop", "أُبلغ السكان بانقطاع المياه", "Жители предупреждены об отключении"),
		}
		f.Materials = []Material{
			material("pipe", "metre", "צינור", "Pipe", "أنبوب", "Труба"),
			material("coupling", "piece", "מחברים", "Couplings", "وصلات", "Муфты"),
		}
	case "sewage":
		f.Checklist = []CheckItem{
			must("flow", "הזרימה חזרה", "Flow restored", "عاد الجريان", "Сток восстановлен"),
			must("washed", "המקום נשטף", "Place washed", "غُسل المكان", "Место промыто"),
		}
	case "roads":
		f.Checklist = []CheckItem{must("safe", "המקום בטוח למעבר", "Safe to pass", "المكان آمن للمرور", "Проход безопасен")}
		f.Materials = []Material{
			material("asphalt", "bag", "אספלט", "Asphalt", "أسفلت", "Асфальт"),
			material("paving", "m2", "ריצוף", "Paving", "بلاط", "Плитка"),
			material("paint", "litre", "צבע", "Paint", "دهان", "Краска"),
		}
	case "gardens":
		f.Checklist = []CheckItem{must("cleared", "הגזם פונה", "Cuttings cleared", "أُزيلت المخلفات", "Ветки убраны")}
	case "sanitation":
		f.Materials = []Material{material("load", "m3", "נפח שפונה", "Volume taken away", "حجم المخلفات", "Вывезенный объём")}
	case "pest-control":
		f.Checklist = []CheckItem{must("notice", "הוצב שילוט אזהרה", "Warning notice put up", "وُضعت لافتة تحذير", "Вывешено предупреждение")}
		f.Materials = []Material{material("bait", "kg", "פיתיון", "Bait", "طعم", "Приманка")}
		f.Signature = true
	case "engineering":
		f.Checklist = []CheckItem{must("fenced", "המקום גודר", "Place fenced", "سُيّج المكان", "Место ограждено")}
	}
	switch c.Code {
	case "building-electricity", "public-building":
		f.Signature = true
	case "tree-fallen":
		f.Checklist = append(f.Checklist, must("wires", "אין קווי חשמל מעורבים", "No power lines involved", "لا أسلاك كهرباء", "Провода не задеты"))
	}
	return f.Complete()
}

func must(code, he, en, ar, ru string) CheckItem {
	return CheckItem{Code: code, Names: names(he, en, ar, ru), Required: true}
}

func may(code, he, en, ar, ru string) CheckItem {
	return CheckItem{Code: code, Names: names(he, en, ar, ru)}
}

func material(code, unit, he, en, ar, ru string) Material {
	return Material{Code: code, Names: names(he, en, ar, ru), Unit: unit}
}
