package dispatch

// Form is what a category asks of the crew in the field. Nothing of it ever
// makes the server refuse work that was done: what is missing is listed in
// Job.RecordMissing, and the tablet asks for it before the job is closed.
type Form struct {
	Checklist []CheckItem `json:"checklist"`
	// Photos that must be taken before and after the work.
	Photos    FormPhotos `json:"photos"`
	Materials []Material `json:"materials"`
	// Signature asks for the name and hand of who received the work.
	Signature bool `json:"signature"`
	// PublicPhotos lets the resident see the photos taken after the work.
	PublicPhotos bool `json:"public_photos"`
	// PhotoPlace keeps where a photo was taken in the record.
	PhotoPlace bool `json:"photo_place"`
}

// FormPhotos says which photos must be there.
type FormPhotos struct {
	Before bool `json:"before"`
	After  bool `json:"after"`
}

// CheckItem is one line of the checklist; Code is unique in its category.
type CheckItem struct {
	Code     string            `json:"code"`
	Names    map[string]string `json:"names"`
	Required bool              `json:"required"`
}

// Material is something that the work uses up, counted in Unit (a code that
// screens name: piece, metre, kg, bag, litre, m2, m3).
type Material struct {
	Code  string            `json:"code"`
	Names map[string]string `json:"names"`
	Unit  string            `json:"unit"`
}

// Units lists the units in which materials are counted.
func Units() []string { return []string{"piece", "metre", "kg", "bag", "litre", "m2", "m3"} }

// Complete makes the form's lists non-nil.
func (f Form) Complete() Form {
	f.Checklist, f.Materials = nonNil(f.Checklist), nonNil(f.Materials)
	return f
}

// Missing lists what the form requires and the record doesn't have, as
// "photo.before", "photo.after", "check.CODE" and "signature".
func (f Form) Missing(r Record) []string {
	var missing []string
	if f.Photos.Before && !r.hasPhoto(PhotoBefore) {
		missing = append(missing, "photo.before")
	}
	if f.Photos.After && !r.hasPhoto(PhotoAfter) {
		missing = append(missing, "photo.after")
	}
	for _, c := range f.Checklist {
		if c.Required && !r.Checks[c.Code].Value {
			missing = append(missing, "check."+c.Code)
		}
	}
	if f.Signature && r.Signature == nil {
		missing = append(missing, "signature")
	}
	return missing
}

// fault is the first field of the form that is wrong, or "".
func (f Form) fault() string {
	seen := map[string]bool{}
	for _, c := range f.Checklist {
		if c.Code == "" || seen[c.Code] || c.Names["he"] == "" && c.Names["en"] == "" {
			return "field.checklist"
		}
		seen[c.Code] = true
	}
	clear(seen)
	for _, m := range f.Materials {
		if m.Code == "" || seen[m.Code] || m.Names["he"] == "" && m.Names["en"] == "" {
			return "field.materials"
		}
		seen[m.Code] = true
		known := false
		for _, u := range Units() {
			known = known || u == m.Unit
		}
		if !known {
			return "field.materials"
		}
	}
	return ""
}
