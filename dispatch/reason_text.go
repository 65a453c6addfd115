package dispatch

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Text is the reason in a language: he, en, ar or ru; in Hebrew for any other.
// A key without a text gives the key.
func (r Reason) Text(lang string) string {
	t, ok := reasonTexts[r.Key]
	if !ok {
		return r.Key
	}
	form := t[langIndex(lang)]
	if one, many, ok := strings.Cut(form, "|"); ok {
		form = many
		if n, isNumber := number(r.Args["jobs"]); isNumber && n == 1 {
			form = one
		}
	}
	for name, value := range r.Args {
		form = strings.ReplaceAll(form, "{"+name+"}", r.arg(name, value, lang))
	}
	return form
}

func (r Reason) arg(name string, value any, lang string) string {
	if n, ok := number(value); ok {
		return fmt.Sprintf("%.0f", n)
	}
	text := fmt.Sprint(value)
	if name == "skill" {
		return SkillName(text, lang)
	}
	return text
}

func langIndex(lang string) int {
	switch lang, _, _ := strings.Cut(strings.ToLower(lang), "-"); lang {
	case "en":
		return 1
	case "ar":
		return 2
	case "ru":
		return 3
	}
	return 0
}

// ReasonKeys lists the keys of the reasons that have texts, in order.
func ReasonKeys() []string { return slices.Sorted(maps.Keys(reasonTexts)) }

// reasonTexts holds each key's text in Hebrew, English, Arabic and Russian.
// Before a bar stands the form for one job.
var reasonTexts = map[string][4]string{
	"reason.skill":            {"{skill}", "{skill}", "{skill}", "{skill}"},
	"reason.minutes":          {"{minutes} דק'", "{minutes} min", "{minutes} د", "{minutes} мин"},
	"reason.way-unknown":      {"זמן הגעה לא ידוע", "arrival time unknown", "وقت الوصول غير معروف", "время прибытия неизвестно"},
	"reason.in-zone":          {"באזור", "in its zone", "في منطقته", "в своей зоне"},
	"reason.other-district":   {"רובע אחר", "another district", "حيّ آخر", "другой район"},
	"reason.jobs-ahead":       {"משימה אחת לפניה|{jobs} משימות לפניה", "one job ahead|{jobs} jobs ahead", "مهمة واحدة قبلها|{jobs} مهام قبلها", "одна задача впереди|задач впереди: {jobs}"},
	"reason.free":             {"פנוי", "free", "متاح", "свободна"},
	"reason.stale":            {"מיקום מלפני {minutes} דק'", "position {minutes} min old", "الموقع قبل {minutes} د", "положение {minutes} мин назад"},
	"reason.late":             {"יאחר ב-{minutes} דק'", "{minutes} min late", "سيتأخر {minutes} د", "опоздает на {minutes} мин"},
	"reason.shift-short":      {"המשמרת תסתיים לפני סוף העבודה", "shift ends before the work does", "تنتهي الوردية قبل إتمام العمل", "смена кончится раньше работы"},
	"reason.other-department": {"אגף אחר", "another department", "قسم آخر", "другой отдел"},
	"reason.missing-skill":    {"חסר: {skill}", "lacks: {skill}", "ينقصه: {skill}", "не хватает: {skill}"},
	"reason.off-shift":        {"לא במשמרת", "off shift", "خارج الوردية", "не на смене"},
	"reason.on-break":         {"בהפסקה", "on a break", "في استراحة", "на перерыве"},
	"reason.break-until":      {"חוזר מהפסקה בעוד {minutes} דק'", "back from a break in {minutes} min", "يعود من الاستراحة خلال {minutes} د", "вернётся с перерыва через {minutes} мин"},
	"reason.standby-urgent":   {"בכוננות, דחוף: אפשר להקפיץ", "on standby: called out for what is urgent", "في مناوبة استعداد: يُستدعى لأمر عاجل", "в резерве: вызывается на срочное"},
	"reason.standby-alone":    {"בכוננות: אין צוות מתאים במשמרת", "on standby: no crew on duty fits", "في مناوبة استعداد: لا طاقم مناسب في الوردية", "в резерве: на смене никто не подходит"},
	"reason.standby-spare":    {"בכוננות: יש צוות מתאים במשמרת", "on standby: a crew on duty fits", "في مناوبة استعداد: يوجد طاقم مناسب في الوردية", "в резерве: на смене есть подходящая"},
	"reason.shift-ends":       {"המשמרת מסתיימת בעוד {minutes} דק'", "shift ends in {minutes} min", "تنتهي الوردية خلال {minutes} د", "смена кончается через {minutes} мин"},
	"reason.unreachable":      {"אין דרך למקום", "no road leads there", "لا طريق إلى المكان", "туда нет дороги"},
	"reason.has-it":           {"המשימה כבר אצלו", "already has the job", "المهمة لديه بالفعل", "задача уже у неё"},
	"reason.declined":         {"החזיר את המשימה", "handed the job back", "أعاد المهمة", "вернула задачу"},

	"merge.no-rule":           {"בנושא זה כל פנייה היא מפגע לעצמו", "in this category each report is its own incident", "في هذا الموضوع كل توجّه هو حادث مستقل", "в этой теме каждое обращение отдельно"},
	"merge.not-located":       {"המקום לא אותר במדויק", "the place was not found exactly", "لم يُحدَّد المكان بدقة", "место не найдено точно"},
	"merge.none-near":         {"אין מפגע פתוח כזה בסביבה", "no open incident of this kind nearby", "لا يوجد حادث مفتوح مماثل في الجوار", "рядом нет такого открытого случая"},
	"merge.not-open":          {"{number} כבר סגור", "{number} is no longer open", "{number} مغلق", "{number} уже закрыт"},
	"merge.other-not-located": {"המקום של {number} לא אותר במדויק", "the place of {number} was not found exactly", "لم يُحدَّد مكان {number} بدقة", "место {number} не найдено точно"},
	"merge.sensitive":         {"נושא רגיש: לא מצורף ל-{number} בלי מקום מדויק", "sensitive: not joined to {number} without an exact place", "موضوع حسّاس: لا يُضمّ إلى {number} دون مكان دقيق", "деликатная тема: без точного места не присоединяется к {number}"},
	"merge.too-far":           {"{number} במרחק {metres} מ', מעל {limit}", "{number} is {metres} m away, over {limit}", "{number} على بعد {metres} م، أكثر من {limit}", "{number} в {metres} м, дальше {limit}"},
	"merge.too-old":           {"הפנייה האחרונה ב-{number} לפני {hours} שעות, מעל {limit}", "the last report of {number} is {hours} h away, over {limit}", "آخر توجّه في {number} قبل {hours} ساعة، أكثر من {limit}", "последнее обращение по {number} — {hours} ч, больше {limit}"},
	"merge.same":              {"אותו נושא, {metres} מ' מ-{number}", "same category, {metres} m from {number}", "الموضوع نفسه، على بعد {metres} م من {number}", "та же тема, {metres} м от {number}"},

	"plan.arrived":     {"במקום", "at the place", "في المكان", "на месте"},
	"plan.on-the-way":  {"בדרך", "on the way", "في الطريق", "в пути"},
	"plan.pinned":      {"נקבע על ידי המוקדן", "pinned by the dispatcher", "ثبّته المرسل", "закреплено диспетчером"},
	"plan.pinned-at":   {"נקבע לשעה {time}", "pinned to {time}", "ثُبّت على الساعة {time}", "закреплено на {time}"},
	"plan.placed":      {"הוצב על ידי המוקדן", "placed by the dispatcher", "وضعه المرسل", "поставлено диспетчером"},
	"plan.before":      {"לפני: השעון נגמר ב-{time}", "before: clock ends {time}", "قبل: ينتهي الوقت عند {time}", "раньше: срок в {time}"},
	"plan.late":        {"יחמיץ את השעון ב-{minutes} דק'", "will miss its clock by {minutes} min", "سيتجاوز الوقت بـ {minutes} د", "пропустит срок на {minutes} мин"},
	"plan.moved":       {"הוזז: משימה {number} אורכת {minutes} דק'", "moved: job {number} takes {minutes} min", "نُقل: المهمة {number} تستغرق {minutes} د", "сдвинуто: задача {number} займёт {minutes} мин"},
	"plan.drive":       {"נסיעה {minutes} דק'", "{minutes} min drive", "{minutes} د قيادة", "{minutes} мин езды"},
	"plan.after-shift": {"אחרי סוף המשמרת ב-{time}", "after the shift ends at {time}", "بعد نهاية الوردية عند {time}", "после конца смены в {time}"},
	"plan.pin-missed":  {"מאחר ב-{minutes} דק' לשעה שנקבעה", "{minutes} min after the time it is pinned to", "متأخر {minutes} د عن الوقت المثبّت", "на {minutes} мин позже назначенного времени"},
	"plan.new":         {"התווספה משימה {number}", "job {number} was added", "أُضيفت المهمة {number}", "добавлена задача {number}"},
	"plan.left":        {"משימה {number} ירדה מהסידור", "job {number} is off the plan", "خرجت المهمة {number} من الخطة", "задача {number} снята"},
	"plan.begun":       {"משימה {number} התחילה", "job {number} has begun", "بدأت المهمة {number}", "задача {number} начата"},
	"plan.due":         {"השעון של {number} השתנה", "the clock of {number} changed", "تغيّر وقت {number}", "срок {number} изменился"},
	"plan.ends":        {"שעות המשמרת השתנו", "the shift's hours changed", "تغيّرت ساعات الوردية", "часы смены изменились"},
	"plan.roads":       {"הזמנים עודכנו לפי הדרכים והשעה", "times brought up to date by the roads and the hour", "حُدّثت الأوقات بحسب الطرق والساعة", "время обновлено по дорогам и часу"},
	"plan.anew":        {"תוכנן מחדש על ידי המוקדן", "planned anew by the dispatcher", "خطّطه المرسل من جديد", "заново составлен диспетчером"},
	"plan.dragged":     {"המוקדן הזיז את {number}", "the dispatcher moved {number}", "نقل المرسل {number}", "диспетчер переставил {number}"},
	"plan.pin":         {"המוקדן קבע את {number}", "the dispatcher pinned {number}", "ثبّت المرسل {number}", "диспетчер закрепил {number}"},
	"plan.unpin":       {"המוקדן שחרר את {number}", "the dispatcher unpinned {number}", "ألغى المرسل تثبيت {number}", "диспетчер открепил {number}"},
	"plan.undone":      {"המוקדן החזיר את הסדר הקודם", "the dispatcher restored the order before", "أعاد المرسل الترتيب السابق", "диспетчер вернул прежний порядок"},
	"plan.missed":      {"שעונים שיוחמצו: {clocks}", "clocks missed: {clocks}", "أوقات ستُفوّت: {clocks}", "пропущенных сроков: {clocks}"},
}
