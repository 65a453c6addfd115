package fieldapi

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"moked/dispatch"
	"moked/dispatch/desk"
	"moked/fieldapp-api/document"
)

// reviewed makes a past of two months: in the last one, more is late.
func reviewedTown(t *testing.T) (s *server, month string, districts []string) {
	t.Helper()
	s = newServer(t)
	zone, err := time.LoadLocation("Asia/Jerusalem")
	s.must(err)
	y, m, _ := time.Now().In(zone).Date()
	last := time.Date(y, m-1, 1, 0, 0, 0, 0, zone)
	var old []desk.OldReport
	add := func(n int, begin time.Time, late bool) {
		filed := begin.Add(time.Duration(n%600) * time.Hour)
		due := filed.Add(24 * time.Hour)
		closed := filed.Add(3 * time.Hour)
		if late {
			closed = filed.Add(50 * time.Hour)
		}
		at := theTown().Extract.Addresses[n*7%len(theTown().Extract.Addresses)].Point
		old = append(old, desk.OldReport{ID: strconv.Itoa(len(old)), FiledAt: filed, ClosedAt: &closed, DueAt: &due, Category: []string{"pothole", "street-light-out"}[n%2], Channel: dispatch.ByPhone, At: &at})
	}
	for n := range 200 {
		add(n, last.AddDate(0, -1, 0), n%10 == 0)
		add(n, last, n%3 == 0)
	}
	_, err = s.desk.ImportReports(t.Context(), s.admin(townCode), "old", old)
	s.must(err)
	s.reads()
	rows, err := s.pool.Query(t.Context(), `select district from incident where district <> '' group by 1 order by count(*) desc, 1`)
	s.must(err)
	defer rows.Close()
	for rows.Next() {
		var code string
		s.must(rows.Scan(&code))
		districts = append(districts, code)
	}
	s.must(rows.Err())
	return s, last.Format("2006-01"), districts
}

// TestReview tells the month as a page and as files, to each as much as is theirs.
func TestReview(t *testing.T) {
	t.Parallel()
	s, month, districts := reviewedTown(t)
	all := s.as(dispatch.Dispatcher)
	from := month + "-01"
	at, _ := time.Parse(time.DateOnly, from)
	var r reviewBody
	all.get("/review?from=" + from + "&to=" + at.AddDate(0, 1, 0).Format(time.DateOnly)).is(200).into(&r)
	if r.Review.Total.Now.Received != 200 || r.Review.Total.Now.Late != 67 || r.Review.Total.Before.Late != 20 || len(r.Findings) == 0 {
		t.Errorf("in whole: %+v, %d findings", r.Review.Total, len(r.Findings))
	}

	// The last month that is over is what a page is of, where nothing is asked.
	page := string(all.do("GET", "/review?lang=he", nil).is(200).body)
	for _, want := range []string{`<html lang="he"`, `dir="rtl"`, "66.5%", "90%", at.Format("01/2006"), "<option value=\"" + month + "\" selected", "/review.xlsx?"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, lang := range []string{"he", "en", "ar", "ru"} {
		page := string(all.do("GET", "/review?lang="+lang, nil).is(200).body)
		if strings.Contains(page, "review.") && strings.Contains(strings.ReplaceAll(page, "/review.", ""), "review.") || strings.Contains(page, "charter.") {
			t.Errorf("%s lacks words", lang)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader(all.do("GET", "/review.xlsx?lang=he&period="+month, nil).is(200).body))
	s.must(err)
	if got, err := book.GetCellValue("אגפים", "B2", excelize.Options{RawCellValue: true}); err != nil || got != "100" {
		t.Errorf("the first department's reports in the workbook: %q, %v", got, err)
	}
	list := csv.NewReader(bytes.NewReader(all.do("GET", "/review.csv?period="+month, nil).is(200).body))
	list.FieldsPerRecord = -1
	if rows, err := list.ReadAll(); err != nil || len(rows) < 20 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if _, err := document.Browser(); err == nil {
		a := all.do("GET", "/review.pdf?period="+month, nil).is(200)
		if !bytes.HasPrefix(a.body, []byte("%PDF")) || !strings.Contains(a.header.Get("Content-Disposition"), "review-"+month+".pdf") {
			t.Errorf("the PDF: %d bytes, %v", len(a.body), a.header)
		}
	}

	// A district's manager sees the district, and no figure of another's.
	manager := s.token(townCode, desk.NewToken{Role: dispatch.DistrictManager, District: districts[0]})
	manager.get("/review?from=" + from + "&to=" + at.AddDate(0, 1, 0).Format(time.DateOnly)).is(200).into(&r)
	if len(r.Review.Districts) != 1 || r.Review.Districts[0].District != districts[0] || r.Review.Total.Now.Received >= 200 {
		t.Errorf("the manager sees %+v", r.Review.Districts)
	}
	own := string(manager.do("GET", "/review", nil).is(200).body)
	for _, code := range districts[1:] {
		if strings.Contains(own, "district="+code) {
			t.Errorf("the manager's page speaks of %s", code)
		}
		for _, path := range []string{"/review", "/review.xlsx", "/review.csv", "/review.pdf"} {
			got := manager.do("GET", path+"?district="+code, nil).is(403)
			if bytes.Contains(got.body, []byte("<dl")) {
				t.Errorf("%s shows figures", path)
			}
		}
	}
	for path, status := range map[string]int{
		"/review?period=2026-13": 422, "/review?period=x": 422, "/review?from=2026-05-02&to=2026-05-01": 422, "/review.csv?from=x": 422,
		"/review?from=1900-01-01&to=2026-01-01": 422, "/review?period=2019": 200, "/review?district=nowhere": 200,
	} {
		all.do("GET", path, nil).is(status)
	}
}

// TestReviewAfterSigningIn sends a person's browser to sign in first, and tells
// a program that it must.
func TestReviewAfterSigningIn(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	nobody := s.publicOf(townCode)
	nobody.do("GET", "/review", nil).is(401)
	req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/review?period=2026-05&lang=en", nil)
	s.must(err)
	req.Header.Set("Accept", "text/html,*/*")
	res, err := http.DefaultTransport.RoundTrip(req)
	s.must(err)
	res.Body.Close()
	if to := res.Header.Get("Location"); res.StatusCode != 302 || to != "/login?next=%2Freview%3Fperiod%3D2026-05%26lang%3Den" {
		t.Errorf("%d %q", res.StatusCode, to)
	}
}

// TestCharterFiles gives everybody the charter as files, of a year too.
func TestCharterFiles(t *testing.T) {
	t.Parallel()
	s, month, _ := reviewedTown(t)
	nobody := s.publicOf(townCode)
	book, err := excelize.OpenReader(bytes.NewReader(nobody.do("GET", "/charter.xlsx?lang=en&from="+month+"&to="+month, nil).is(200).body))
	s.must(err)
	// A sheet for each of the two departments, with its subject and its whole.
	hundreds := 0
	for _, sheet := range book.GetSheetList() {
		for _, cell := range []string{"C2", "C3"} {
			if got, err := book.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true}); err == nil && got == "100" {
				hundreds++
			}
		}
	}
	if hundreds != 4 {
		t.Errorf("%d cells of a hundred reports in %v", hundreds, book.GetSheetList())
	}
	a := nobody.do("GET", "/charter.csv?year="+strconv.Itoa(time.Now().Year()-2), nil).is(200)
	if !strings.Contains(a.header.Get("Content-Disposition"), "-01--") {
		t.Errorf("%v", a.header)
	}
	nobody.do("GET", "/charter.csv?year=soon", nil).is(422)
	nobody.do("GET", "/charter.csv?year="+strconv.Itoa(time.Now().Year()), nil).is(422)
}
