package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestNoAcknowledgedPhotoIsLost kills the program and the database while
// tablets send photos in pieces and take maps along: what was acknowledged is
// there, what was half sent goes on, and no file is half under its name.
func TestNoAcknowledgedPhotoIsLost(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills databases, which takes them a while")
	}
	c := newKillable(t)
	p := c.serve()
	desk := c.callers(p.url)
	var senders []*photoSender
	for n := range 3 {
		senders = append(senders, &photoSender{killedTablet: c.tablet(desk, n)})
	}
	maps := &mapTaker{callers: desk, folder: filepath.Join(c.dir, "maps", killableCode)}
	var group sync.WaitGroup
	stopped := make(chan struct{})
	for _, s := range senders {
		group.Go(func() { s.work(stopped) })
	}
	group.Go(func() { maps.work(stopped) })
	for range 3 {
		time.Sleep(time.Duration(300+rand.IntN(400)) * time.Millisecond)
		p.kill()
		p = c.serve()
		desk.urls.Store(&[]string{p.url})
		for _, s := range senders {
			s.urls.Store(&[]string{p.url})
		}
		time.Sleep(time.Duration(300+rand.IntN(400)) * time.Millisecond)
		c.killDatabase(true)
	}
	time.Sleep(500 * time.Millisecond)
	close(stopped)
	group.Wait()
	maps.take()

	stored := c.photosByName()
	sent, resumed := 0, 0
	for _, s := range senders {
		for sum := range s.sums {
			if !stored[sum] {
				t.Errorf("photo %s was acknowledged and is lost", sum)
			}
			status, head, _, err := s.send(http.MethodHead, sum, "", nil)
			if err != nil || status != http.StatusOK || head.Get("Upload-Offset") != "" {
				t.Errorf("photo %s was acknowledged, and now: %d %v", sum, status, err)
			}
			if status, _, _, err := s.send(http.MethodGet, sum, "", nil); err != nil || status != http.StatusOK {
				t.Errorf("photo %s isn't shown: %d %v", sum, status, err)
			}
		}
		sent, resumed = sent+len(s.sums), resumed+s.resumed
	}
	t.Logf("%d photos acknowledged, %d gone on with after a failure; %d maps whole", sent, resumed, maps.whole.Load())
	if sent < 10 || resumed == 0 || maps.whole.Load() == 0 {
		t.Errorf("only %d photos acknowledged, %d gone on with, %d maps", sent, resumed, maps.whole.Load())
	}
}

// photosByName are the photos' files, each of which must be what its name says.
func (c *killable) photosByName() map[string]bool {
	c.t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(c.dir, "photos"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || len(d.Name()) != sha256.Size*2 {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != d.Name() {
			c.t.Errorf("%s holds other bytes", d.Name())
		}
		found[d.Name()] = true
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return found
}

// photoSender is a tablet that sends photos, each again and again from where
// it had come until it is acknowledged.
type photoSender struct {
	*killedTablet
	sums    map[string]bool // of those that were acknowledged
	resumed int
}

func (s *photoSender) work(stopped chan struct{}) {
	s.sums = map[string]bool{}
	for {
		select {
		case <-stopped:
			return
		default:
		}
		if !s.sendWhole(noise()) {
			return
		}
	}
}

// noise is a photo like no other.
func noise() []byte {
	m := image.NewGray(image.Rect(0, 0, 300, 200))
	for i := range m.Pix {
		m.Pix[i] = byte(rand.Uint32())
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (s *photoSender) sendWhole(b []byte) bool {
	hash := sha256.Sum256(b)
	sum, from, failed := hex.EncodeToString(hash[:]), 0, false
	for limit := time.Now().Add(45 * time.Second); time.Now().Before(limit); {
		if failed {
			status, head, _, err := s.send(http.MethodHead, sum, "", nil)
			if err != nil || status == http.StatusServiceUnavailable {
				time.Sleep(20 * time.Millisecond)
				continue
			}
			from, _ = strconv.Atoi(head.Get("Upload-Offset"))
			if failed = false; from > 0 {
				s.resumed++
			}
			if from >= len(b) {
				from = 0 // all of it had come: any piece brings the acknowledgement
			}
		}
		to := min(len(b), from+len(b)/6+1)
		status, head, answer, err := s.send(http.MethodPut, sum, fmt.Sprintf("bytes %d-%d/%d", from, to-1, len(b)), b[from:to])
		switch {
		case err != nil || status == http.StatusServiceUnavailable:
			failed = true
			time.Sleep(20 * time.Millisecond)
		case status == http.StatusAccepted, status == http.StatusConflict:
			if from, err = strconv.Atoi(head.Get("Upload-Offset")); err != nil {
				s.t.Errorf("where to go on from: %v", err)
				return false
			}
		case status == http.StatusCreated, status == http.StatusOK:
			var ack struct {
				SHA256 string
				Stored bool
			}
			if json.Unmarshal(answer, &ack) != nil || ack.SHA256 != sum || !ack.Stored {
				s.t.Errorf("an acknowledgement says %s", answer)
			}
			s.sums[sum] = true
			return true
		default:
			s.t.Errorf("a piece was refused: %d\n%s", status, answer)
			return false
		}
	}
	s.t.Errorf("photo %s was never acknowledged", sum)
	return false
}

func (s *photoSender) send(method, sum, piece string, body []byte) (status int, head http.Header, answer []byte, err error) {
	r, err := http.NewRequest(method, (*s.urls.Load())[0]+"/api/v1/photos/"+sum, bytes.NewReader(body))
	if err != nil {
		return 0, nil, nil, err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	if piece != "" {
		r.Header.Set("Content-Range", piece)
	}
	got, err := s.http.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer got.Body.Close()
	answer, err = io.ReadAll(got.Body)
	return got.StatusCode, got.Header, answer, err
}

// mapTaker takes the authority's map along, again and again, and has it made
// anew each time. Its tag is the beginning of its sum.
type mapTaker struct {
	*callers
	folder string
	whole  atomic.Int64
}

func (m *mapTaker) work(stopped chan struct{}) {
	for {
		select {
		case <-stopped:
			return
		case <-time.After(time.Duration(rand.IntN(30)) * time.Millisecond):
			m.take()
		}
	}
}

func (m *mapTaker) take() {
	old, err := filepath.Glob(filepath.Join(m.folder, "*.pmtiles"))
	for _, name := range old {
		err = os.Remove(name)
	}
	if err != nil {
		m.t.Error(err)
	}
	r, err := http.NewRequest(http.MethodGet, (*m.urls.Load())[0]+"/api/v1/districts/-/map", nil)
	if err != nil {
		m.t.Error(err)
		return
	}
	r.Header.Set("Authorization", "Bearer "+m.token)
	got, err := m.http.Do(r)
	if err != nil {
		return
	}
	defer got.Body.Close()
	b, err := io.ReadAll(got.Body)
	switch sum := sha256.Sum256(b); {
	case got.StatusCode == http.StatusServiceUnavailable || err != nil:
	case got.StatusCode != http.StatusOK:
		m.t.Errorf("a map: %d %s", got.StatusCode, b)
	case got.Header.Get("ETag") != `"`+hex.EncodeToString(sum[:16])+`"`:
		m.t.Errorf("a map of %d bytes isn't what its tag says", len(b))
	default:
		m.whole.Add(1)
	}
}
