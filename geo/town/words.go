package town

import (
	"math/rand/v2"
	"strings"
)

// word is a name in Hebrew and English.
type word struct{ he, en string }

// with puts a kind of street before the name.
func (w word) with(he, en string) word { return word{he + " " + w.he, w.en + " " + en} }

type wordList int

const (
	streetWords wordList = iota
	hoodWords
	districtWords
	parkWords
)

// words deals names out, each once; when a list is used up its names come
// again behind a word such as "rise" or "path".
type words struct {
	lists [4][]word
	next  [4]int
}

var again = []word{{"מעלה", "Rise"}, {"משעול", "Path"}, {"נתיב", "Way"}, {"שער", "Gate"}, {"גבעת", "Hill"}, {"כיכר", "Square"}, {"מבוא", "Close"}}

func newWords(r *rand.Rand) *words {
	w := &words{}
	for i, text := range []string{streetNames, hoodNames, districtNames, parkNames} {
		for entry := range strings.SplitSeq(strings.TrimSpace(text), ";") {
			he, en, ok := strings.Cut(strings.TrimSpace(entry), "|")
			if ok {
				w.lists[i] = append(w.lists[i], word{he, en})
			}
		}
		r.Shuffle(len(w.lists[i]), func(a, b int) { l := w.lists[i]; l[a], l[b] = l[b], l[a] })
	}
	return w
}

func (w *words) take(l wordList) word {
	list, n := w.lists[l], w.next[l]
	w.next[l]++
	name := list[n%len(list)]
	if round := n / len(list); round > 0 {
		k := again[(round-1)%len(again)]
		name = name.with(k.he, k.en)
		if turn := (round - 1) / len(again); turn > 0 {
			letters := []string{"ב", "ג", "ד", "ה", "ו"}
			name.he += " " + letters[(turn-1)%len(letters)] + "'"
			name.en += " " + string(rune('B'+(turn-1)%25))
		}
	}
	return name
}

const districtNames = `
נווה הגלים|Neve HaGalim;נווה אלונים|Neve Alonim;רמת הכרם|Ramat HaKerem;גבעת השקמה|Givat HaShikma;רמת האלה|Ramat HaEla;
נווה חולות|Neve Holot;רמת התמר|Ramat HaTamar;קריית השרון|Kiryat HaSharon;נווה אביב|Neve Aviv;גני הפרדס|Ganei HaPardes;
רמת הגולן|Ramat HaGolan;נחלת ראשונים|Nahalat Rishonim;גבעת השחף|Givat HaShahaf;קריית האילנות|Kiryat HaIlanot;נווה שלווה|Neve Shalva;
רמת הנביאים|Ramat HaNeviim;מעלה הזית|Maale HaZayit;גני הדר|Ganei Hadar;קריית הנשיא|Kiryat HaNasi;נווה מדע|Neve Mada;
רמת חן|Ramat Hen;גבעת הרקפות|Givat HaRakafot;נווה ערבה|Neve Arava;עמק הפרחים|Flower Valley;קריית אופק|Kiryat Ofek`

const hoodNames = `
נווה זית|Neve Zayit;גבעת התמר|Givat HaTamar;רמת אילן|Ramat Ilan;נווה עמל|Neve Amal;שיכון ותיקים|Shikun Vatikim;קריית יובל הקטנה|Little Kiryat Yovel;
נווה מרגוע|Neve Margoa;גן העיר|Gan HaIr;הגבעה הירוקה|Green Hill;נחלת הפועלים|Nahalat HaPoalim;נווה דקלים|Neve Dkalim;רמת פולג הישנה|Old Ramat Poleg;
גבעת שאול החדשה|New Givat Shaul;שכונת היוצרים|Makers' Quarter;נווה אורנים|Neve Oranim;רמת הפרחים|Ramat HaPrahim;קריית הספורט|Sports Quarter;
נווה נוף|Neve Nof;שכונת התקווה|HaTikva;גבעת האירוסים|Iris Hill;נווה גנים|Neve Ganim;רמת אלון|Ramat Alon;שכונת הרכבת|Railway Quarter;
כפר הדקל|Kfar HaDekel;נווה רקפת|Neve Rakefet;גבעת הכלניות|Anemone Hill;שכונת המלאכה|Craft Quarter;רמת צאלים|Ramat Tzeelim;נווה שקד|Neve Shaked;
מעונות השדרה|Meonot HaSdera;גבעת הברוש|Cypress Hill;שכונת הבנים|HaBanim;נווה תבור|Neve Tavor;רמת שקמה|Ramat Shikma;גני תקווה הקטנה|Little Ganei Tikva;
קריית צעירים|Young Quarter;נווה ירק|Neve Yarak;שכונת הנביאים|Prophets' Quarter;גבעת החלוצים|Pioneers' Hill;נווה אשכול|Neve Eshkol;
רמת הדר|Ramat Hadar;שכונת האמנים|Artists' Quarter;נווה אשל|Neve Eshel;גבעת הרימון|Pomegranate Hill;קריית משה הקטנה|Little Kiryat Moshe;
נווה ארזים|Neve Arazim;שכונת הגפן|HaGefen;רמת עדן|Ramat Eden;נווה כרמים|Neve Kramim;מורדות התמר|Moradot HaTamar;שכונת השרון|HaSharon;
גבעת הצבר|Sabra Hill;נווה הדרים|Neve Hadarim;רמת הזמיר|Ramat HaZamir;שכונת הבוסתן|HaBustan;נווה מעיין|Neve Maayan;גבעת ההגנה|Givat HaHagana;
רמת אפק|Ramat Afek;נווה רותם|Neve Rotem;שכונת יוספטל|Yoseftal;כרם התאנים|Kerem HaTeenim;נווה שאנן|Neve Shaanan;רמת התשבי|Ramat HaTishbi`

const parkNames = `
גן הבנים|HaBanim Garden;גן המייסדים|Founders' Garden;פארק האגם|Lake Park;גן הוורדים|Rose Garden;גן האורנים|Pine Garden;גן העצמאות|Independence Garden;
גינת הדקל|Palm Garden;גן השעשועים|Play Garden;גינת רבין|Rabin Garden;גן הסיגליות|Violet Garden;גינת הפרפרים|Butterfly Garden;גן החורש|Grove Garden;
גינת הזית|Olive Garden;גן הלוחמים|Fighters' Garden;גינת הראשונים|Rishonim Garden;גן התות|Mulberry Garden;גינת השחר|Dawn Garden;גן הנביאים|Prophets' Garden;
גינת הים|Sea Garden;גן הציפורים|Bird Garden;גינת הכלבים|Dog Garden;גן המדע|Science Garden;גינת האלון|Oak Garden;גן השלום|Peace Garden;
גינת הנוטרים|Guards' Garden;גן הילדים|Children's Garden;גינת החרוב|Carob Garden;גן האירוסים|Iris Garden;גינת התבור|Tabor Garden;גן המעיין|Spring Garden;
גינת ספיר|Sapphire Garden;גן הנגב|Negev Garden;גינת השקד|Almond Garden;גן הגליל|Galilee Garden;גינת הקשת|Rainbow Garden;גן הרותם|Broom Garden`

const streetNames = `
הרצל|Herzl;ביאליק|Bialik;ז'בוטינסקי|Jabotinsky;בן גוריון|Ben Gurion;ויצמן|Weizmann;סוקולוב|Sokolov;אחד העם|Ahad HaAm;בלפור|Balfour;
ארלוזורוב|Arlozorov;אוסישקין|Ussishkin;דיזנגוף|Dizengoff;רוטשילד|Rothschild;מונטיפיורי|Montefiore;נורדאו|Nordau;פינסקר|Pinsker;בורוכוב|Borochov;
טרומפלדור|Trumpeldor;ברנר|Brenner;טשרניחובסקי|Tchernichovsky;ש"י עגנון|Shai Agnon;אלתרמן|Alterman;רחל המשוררת|Rachel HaMeshoreret;לאה גולדברג|Leah Goldberg;שלונסקי|Shlonsky;
רמב"ם|Rambam;רמב"ן|Ramban;רש"י|Rashi;אבן גבירול|Ibn Gabirol;יהודה הלוי|Yehuda HaLevi;אבן עזרא|Ibn Ezra;הרב קוק|HaRav Kook;הרב עוזיאל|HaRav Uziel;
הרב הרצוג|HaRav Herzog;הרב ניסים|HaRav Nissim;רבי עקיבא|Rabbi Akiva;הלל|Hillel;שמאי|Shammai;רבן גמליאל|Rabban Gamliel;רבי יהודה הנשיא|Rabbi Yehuda HaNasi;בר כוכבא|Bar Kochba;
גולדה מאיר|Golda Meir;מנחם בגין|Menachem Begin;יצחק רבין|Yitzhak Rabin;לוי אשכול|Levi Eshkol;משה שרת|Moshe Sharett;חיים הרצוג|Chaim Herzog;אבא אבן|Abba Eban;זלמן שזר|Zalman Shazar;
אנה פרנק|Anne Frank;חנה סנש|Hannah Szenes;יאנוש קורצ'אק|Janusz Korczak;הנרייטה סולד|Henrietta Szold;מרדכי אנילביץ'|Mordechai Anielewicz;רות|Ruth;נעמי|Naomi;אסתר המלכה|Esther HaMalka;דבורה הנביאה|Dvora HaNeviah;מרים הנביאה|Miriam HaNeviah;
שאול המלך|Shaul HaMelech;דוד המלך|David HaMelech;שלמה המלך|Shlomo HaMelech;ישעיהו|Yeshayahu;ירמיהו|Yirmiyahu;יחזקאל|Yehezkel;עמוס|Amos;הושע|Hoshea;מיכה|Micha;יואל|Yoel;יונה הנביא|Yona HaNavi;נחום|Nahum;חבקוק|Habakkuk;צפניה|Tzfania;זכריה|Zecharia;מלאכי|Malachi;שמואל הנביא|Shmuel HaNavi;אליהו הנביא|Eliyahu HaNavi;גדעון|Gideon;שמשון|Shimshon;יפתח|Yiftah;עזרא|Ezra;נחמיה|Nehemia;
ראובן|Reuven;שמעון|Shimon;לוי|Levi;יהודה|Yehuda;יששכר|Yissachar;זבולון|Zevulun;דן|Dan;נפתלי|Naftali;גד|Gad;אשר|Asher;יוסף|Yosef;בנימין|Binyamin;אפרים|Efraim;מנשה|Menashe;
המכבים|HaMaccabim;החשמונאים|HaHashmonaim;הנביאים|HaNeviim;השופטים|HaShoftim;הכוהנים|HaKohanim;הלוויים|HaLeviim;התנאים|HaTannaim;האמוראים|HaAmoraim;
ההגנה|HaHagana;הפלמ"ח|HaPalmach;האצ"ל|HaEtzel;הלח"י|HaLehi;צה"ל|Tzahal;גולני|Golani;גבעתי|Givati;הצנחנים|HaTzanhanim;השריון|HaShiryon;חיל הים|Heil HaYam;הבריגדה|HaBrigada;הנוטרים|HaNotrim;המגינים|HaMeginim;המתנדבים|HaMitnadvim;
העצמאות|HaAtzmaut;ירושלים|Yerushalayim;השלום|HaShalom;האחווה|HaAhva;התקווה|HaTikva;החירות|HaHerut;התחייה|HaTehiya;הגאולה|HaGeula;העלייה|HaAliya;העלייה השנייה|HaAliya HaShniya;ההסתדרות|HaHistadrut;העבודה|HaAvoda;החלוץ|HaHalutz;החלוצים|HaHalutzim;המייסדים|HaMeyasdim;הראשונים|HaRishonim;הבונים|HaBonim;השומרים|HaShomrim;הפועלים|HaPoalim;הבנים|HaBanim;
כ"ט בנובמבר|Kaf-Tet BeNovember;ה' באייר|He BeIyar;י"ד|Yod Dalet;ששת הימים|Sheshet HaYamim;יום הכיפורים|Yom HaKippurim;תש"ח|Tashach;אחד במאי|Ehad BeMai;ט"ו בשבט|Tu BiShvat;
הזית|HaZayit;התאנה|HaTeena;הרימון|HaRimon;הגפן|HaGefen;התמר|HaTamar;השקד|HaShaked;האגוז|HaEgoz;החרוב|HaHaruv;התפוח|HaTapuah;האגס|HaAgas;השזיף|HaShezif;המשמש|HaMishmish;האפרסק|HaAfarsek;הדובדבן|HaDuvdevan;התות|HaTut;האתרוג|HaEtrog;הלימון|HaLimon;התפוז|HaTapuz;האשכולית|HaEshkolit;הקלמנטינה|HaClementina;
האלון|HaAlon;האלה|HaEla;הברוש|HaBrosh;האורן|HaOren;הארז|HaErez;הדקל|HaDekel;השקמה|HaShikma;הצפצפה|HaTzaftzefa;האקליפטוס|HaEkaliptus;הערבה|HaArava;הדולב|HaDolev;האשל|HaEshel;השיטה|HaShita;הסיגלון|HaSiglon;הצאלון|HaTzeelon;הפיקוס|HaFikus;הברכיכיטון|HaBrachychiton;המכנף|HaMechanef;הצאלה|HaTzeela;האדר|HaAdar;
הוורד|HaVered;הנרקיס|HaNarkis;הכלנית|HaKalanit;הרקפת|HaRakefet;הסיגלית|HaSigalit;החבצלת|HaHavatzelet;האירוס|HaIrus;היסמין|HaYasmin;הצבעוני|HaTzivoni;הסביון|HaSavyon;החצב|HaHatzav;הנורית|HaNurit;הציפורן|HaTziporen;הלבנדר|HaLavender;הרותם|HaRotem;הדפנה|HaDafna;ההדס|HaHadas;המרווה|HaMarva;הזעתר|HaZaatar;הרוזמרין|HaRozmarin;החרצית|HaHartzit;הפרג|HaPereg;הדגנית|HaDganit;החמנית|HaHamanit;הסחלב|HaSahlav;היקינתון|HaYakinton;השושנה|HaShoshana;הבוגנוויליה|HaBougainvillea;
הדרור|HaDror;הנחליאלי|HaNahlieli;החסידה|HaHasida;השחף|HaShahaf;הדוכיפת|HaDuchifat;הסנונית|HaSnunit;הבולבול|HaBulbul;הצופית|HaTzufit;העפרוני|HaEfroni;הזמיר|HaZamir;השליו|HaSlav;העגור|HaAgur;השקנאי|HaSaknai;הפשוש|HaPashosh;החוחית|HaHohit;הירגזי|HaYargazi;הנשר|HaNesher;הבז|HaBaz;הינשוף|HaYanshuf;הקורא|HaKore;הפלמינגו|HaFlamingo;השלדג|HaShaldag;האנפה|HaAnafa;החוגלה|HaHogla;
הירדן|HaYarden;הירקון|HaYarkon;הירמוך|HaYarmuch;הקישון|HaKishon;הבשור|HaBesor;הדן|HaDan;הבניאס|HaBanias;השניר|HaSnir;הערבות|HaAravot;הכנרת|HaKinneret;החרמון|HaHermon;התבור|HaTavor;הכרמל|HaCarmel;הגלבוע|HaGilboa;המירון|HaMeron;הגליל|HaGalil;הגולן|HaGolan;השרון|HaSharon;השפלה|HaShfela;הנגב|HaNegev;הערבה התיכונה|HaArava HaTichona;השומרון|HaShomron;הבשן|HaBashan;הגלעד|HaGilad;המוריה|HaMoria;נבו|Nevo;סיני|Sinai;עין גדי|Ein Gedi;מצדה|Masada;קיסריה|Caesarea;לכיש|Lachish;מגידו|Megiddo;חצור|Hatzor;גמלא|Gamla;יודפת|Yodfat;בית אל|Beit El;שילה|Shilo;
חיפה|Haifa;יפו|Yafo;עכו|Akko;צפת|Tzfat;טבריה|Tiberias;חברון|Hevron;באר שבע|Beer Sheva;אילת|Eilat;רחובות|Rehovot;נצרת|Natzeret;חדרה|Hadera;אשקלון|Ashkelon;מטולה|Metula;ראש פינה|Rosh Pina;זכרון יעקב|Zichron Yaakov;דגניה|Degania;
האודם|HaOdem;הספיר|HaSapir;היהלום|HaYahalom;הברקת|HaBareket;השוהם|HaShoham;הישפה|HaYashfe;האזמרגד|HaIzmaragd;הטורקיז|HaTurkiz;הפנינה|HaPnina;האלמוג|HaAlmog;הענבר|HaInbar;הלשם|HaLeshem;השנהב|HaShenhav;הפטדה|HaPitda;האחלמה|HaAhlama;
הגל|HaGal;השונית|HaShunit;המפרש|HaMifras;העוגן|HaOgen;המגדלור|HaMigdalor;הספן|HaSapan;הדייגים|HaDayagim;הצדף|HaTzedef;הקונכייה|HaKonchiya;הדולפין|HaDolfin;הלגונה|HaLaguna;החוף|HaHof;המפרץ|HaMifratz;הנמל|HaNamal;המצוק|HaMatzok;הטיילת הישנה|Old Promenade;השקיעה|HaShkia;האופק|HaOfek;הרוח|HaRuah;הכוכב|HaKochav;השחר|HaShahar;הזריחה|HaZriha;הקשת|HaKeshet;המזלות|HaMazalot;החמה|HaHama;הלבנה|HaLevana;
הכינור|HaKinor;הנבל|HaNevel;החליל|HaHalil;התוף|HaTof;העוגב|HaUgav;השופר|HaShofar;המצילה|HaMetzila;הפסנתר|HaPsanter;המנגינה|HaMangina;השירה|HaShira;המחול|HaMahol;התזמורת|HaTizmoret;
הנגר|HaNagar;הנפח|HaNapah;הסתת|HaSatat;הבנאי|HaBanai;האורג|HaOreg;הקדר|HaKadar;החרש|HaHarash;הרתך|HaRatach;הטכנאי|HaTechnai;המסגר|HaMasger;הדפוס|HaDfus;היצירה|HaYetzira;התעשייה|HaTaasiya;המלאכה|HaMelacha;האומן|HaUman;היוזמה|HaYozma;החרושת|HaHaroshet;הטכנולוגיה|HaTechnologia;המדע|HaMada;ההנדסה|HaHandasa;
איינשטיין|Einstein;קפלן|Kaplan;שפינוזה|Spinoza;פרויד|Freud;גורדון|Gordon;סירקין|Sirkin;קצנלסון|Katznelson;שפרינצק|Sprinzak;רמז|Remez;בן צבי|Ben Zvi;בן יהודה|Ben Yehuda;מנדלי מוכר ספרים|Mendele Mocher Sforim;שלום עליכם|Shalom Aleichem;י"ל פרץ|Y. L. Peretz;פרישמן|Frishman;שניאור|Shneur;דב הוז|Dov Hoz;אהרונוביץ|Aharonovich;אנילביץ|Anilevich;רופין|Ruppin;טבנקין|Tabenkin;ברל לוקר|Berl Locker;שטמפר|Stampfer;הכט|Hecht;אברבנאל|Abarbanel;דון יוסף נשיא|Don Yosef Nasi;דונה גרציה|Dona Gracia;קרליבך|Carlebach;גרץ|Graetz;דובנוב|Dubnov;צייטלין|Zeitlin;קלישר|Kalischer;אלקלעי|Alkalai;מוהליבר|Mohilever;הגר"א|HaGra;הבעש"ט|HaBaal Shem Tov;חפץ חיים|Hafetz Haim;החיד"א|HaHida;בן איש חי|Ben Ish Hai;הרי"ף|HaRif;השל"ה|HaShla;המהר"ל|HaMaharal;האר"י|HaAri;
הגפנים|HaGfanim;הכרם|HaKerem;היקב|HaYekev;הגורן|HaGoren;החיטה|HaHita;השעורה|HaSeora;הקציר|HaKatzir;הבציר|HaBatzir;המסיק|HaMasik;הפרדס|HaPardes;הבוסתן|HaBustan;הבאר|HaBeer;המעיין|HaMaayan;הברכה|HaBreicha;האפיק|HaAfik;הנחל|HaNahal;הגיא|HaGai;הרכס|HaReches;המצפה|HaMitzpe;הגבעה|HaGiva;השדה|HaSade;החורש|HaHoresh;היער|HaYaar;החולות|HaHolot;הכורכר|HaKurkar;
האייל|HaAyal;הצבי|HaTzvi;היעל|HaYael;האריה|HaArye;הנמר|HaNamer;השועל|HaShual;הארנבת|HaArnevet;הסנאי|HaSnai;הגמל|HaGamal;הצב|HaTzav;הפרפר|HaParpar;הדבורה|HaDvora;השפירית|HaShapirit;הגחלילית|HaGahlilit;
הדסה|Hadassah;אביגיל|Avigail;תמר|Tamar;מיכל|Michal;יעל|Yael;רבקה|Rivka;שרה אמנו|Sarah Imenu;רחל אמנו|Rachel Imenu;לאה אמנו|Leah Imenu;חנה|Hanna;שולמית|Shulamit;עדה|Ada;צילה|Tzila;אורה|Ora;דליה|Dalia;ורדה|Varda;אילנה|Ilana;אלמגור|Almagor;עמית|Amit;ניצן|Nitzan;אביב|Aviv;סתיו|Stav;יובל|Yuval;ניר|Nir;גיל|Gil;רון|Ron;שקד|Shaked;הדר|Hadar`
