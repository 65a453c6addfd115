package fieldapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"moked/dispatch"
	"moked/dispatch/feed"
)

const (
	latencyClients = 1000
	latencyRate    = 50 // events a second
	latencyEvents  = 250
	burstClients   = 5000
	burstEvents    = 200
	burstGroup     = 50 // events in a commit
)

// BenchmarkFeed measures the time from a commit to the frame at 1,000 clients
// and 50 events a second; the deliveries a second in a burst to 5,000 clients,
// beside a plain hub that writes each message by itself; and what an idle
// client of each costs in memory.
func BenchmarkFeed(b *testing.B) {
	s := newServer(b, func(o *Options, f *feed.Options) { o.Recheck, f.Mark, f.Positions = 0, 0, 0 })
	request := fmt.Sprintf("GET /api/v1/feed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n", s.as(dispatch.Dispatcher).secret)
	for b.Loop() {
		s.measureLatency(b, request)
		ours, idle := s.measureBurst(b, request)
		plain, plainIdle := measurePlain(b, s.events(burstEvents))
		b.ReportMetric(ours, "deliveries/s")
		b.ReportMetric(plain, "plain-hub/s")
		b.ReportMetric(ours/plain, "×plain-hub")
		b.ReportMetric(idle/1024, "KiB/idle")
		b.ReportMetric(plainIdle/1024, "plain-KiB/idle")
		b.ReportMetric(idle/plainIdle, "idle-×plain")
	}
	b.ReportMetric(0, "ns/op")
}

func (s *server) measureLatency(b *testing.B, request string) {
	b.Helper()
	crowd := newCrowd(b, s.url, request, latencyClients)
	defer crowd.close()
	head := s.head()
	tick := time.NewTicker(time.Second / latencyRate)
	defer tick.Stop()
	for _, e := range s.events(latencyEvents) {
		<-tick.C
		s.commit(e, crowd)
	}
	crowd.wait(b, latencyClients*latencyEvents)
	times := crowd.times(head)
	b.ReportMetric(float64(at(times, .5))/1e6, "p50-ms")
	b.ReportMetric(float64(at(times, .99))/1e6, "p99-ms")
}

func (s *server) measureBurst(b *testing.B, request string) (rate, idle float64) {
	b.Helper()
	before := inUse()
	crowd := newCrowd(b, s.url, request, burstClients)
	defer crowd.close()
	time.Sleep(time.Second)
	idle = float64(inUse()-before) / burstClients
	start := time.Now()
	for group := range slices.Chunk(s.events(burstEvents), burstGroup) {
		s.commit(slices.Concat(group...), nil)
	}
	crowd.wait(b, burstClients*burstEvents)
	return burstClients * burstEvents / time.Since(start).Seconds(), idle
}

// events are jobs as they come, each in a list of its own.
func (s *server) events(n int) (all [][]dispatch.Event) {
	for i := range n {
		_, where, _ := s.house(i)
		j := dispatch.Job{
			ID: uuid.New(), Number: "26-J-000001", Version: 1, State: dispatch.JobPlanned, Incident: uuid.New(), Department: "electricity",
			Category: "street-light-out", Priority: 3, Text: "פנס לא דולק", Place: dispatch.Place{Lat: &where[1], Lon: &where[0]}, CreatedAt: time.Now().UTC(),
		}
		body, err := json.Marshal(j)
		s.must(err)
		all = append(all, []dispatch.Event{{
			Type: "job.created", At: j.CreatedAt, By: dispatch.By{Role: dispatch.Operator}, Noun: dispatch.NounJob, Object: j.ID,
			Incident: j.Incident, Scope: j.Scope(), Body: body,
		}})
	}
	return all
}

func (s *server) head() (seq int64) {
	s.must(s.pool.QueryRow(s.t.Context(), `select seq from feed_head where authority = $1`, townCode).Scan(&seq))
	return seq
}

// commit appends events as the desk does, and tells the crowd when.
func (s *server) commit(es []dispatch.Event, c *crowd) {
	tx, err := s.pool.Begin(s.t.Context())
	s.must(err)
	last, err := feed.Append(s.t.Context(), tx, townCode, es)
	s.must(err)
	if c != nil {
		c.committed.Store(last, time.Now())
	}
	s.must(tx.Commit(s.t.Context()))
	s.hub.Wake(townCode)
}

// inUse is the memory that the program holds, stacks included.
func inUse() int64 {
	debug.FreeOSMemory()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// measurePlain is the hub that comes to mind first: a channel and a goroutine
// for each client, one write a message, the message prepared once.
func measurePlain(b *testing.B, events [][]dispatch.Event) (rate, idle float64) {
	b.Helper()
	var (
		mu      sync.Mutex
		clients []chan *websocket.PreparedMessage
	)
	up := websocket.Upgrader{ReadBufferSize: 512, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{}}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := up.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		queue := make(chan *websocket.PreparedMessage, 64)
		mu.Lock()
		clients = append(clients, queue)
		mu.Unlock()
		go func() {
			for m := range queue {
				if conn.WritePreparedMessage(m) != nil {
					return
				}
			}
		}()
		go func() {
			defer conn.Close()
			for {
				if _, _, err := conn.NextReader(); err != nil {
					return
				}
			}
		}()
	}))
	defer web.Close()
	before := inUse()
	crowd := newCrowd(b, web.URL, "GET / HTTP/1.1\r\nHost: x\r\n", burstClients)
	defer crowd.close()
	time.Sleep(time.Second)
	idle = float64(inUse()-before) / burstClients
	start := time.Now()
	for n, es := range events {
		e := es[0]
		m, err := websocket.NewPreparedMessage(websocket.TextMessage, fmt.Appendf(nil, `[{"seq":%d,"type":%q,"at":%q,"by":{"role":"operator"},"job":%s},{"type":"upto","upto":%d}]`,
			n, e.Type, e.At.Format(time.RFC3339Nano), e.Body, n))
		if err != nil {
			b.Fatal(err)
		}
		for _, c := range clients {
			c <- m
		}
	}
	crowd.wait(b, burstClients*len(events))
	rate = float64(burstClients*len(events)) / time.Since(start).Seconds()
	for _, c := range clients {
		close(c)
	}
	return rate, idle
}

// crowd is many websocket clients that one thread reads as cheaply as can be:
// it counts the entries and notes when each came.
type crowd struct {
	poll      int
	fds       []int
	received  atomic.Int64 // entries with a seq
	bytes     atomic.Int64
	cpu       atomic.Int64 // used by the thread that reads
	committed sync.Map     // by seq
	arrived   [][2]int64
	stop      atomic.Bool
	done      chan struct{}
}

var marker = []byte(`{"seq":`)

func newCrowd(b *testing.B, url, request string, n int) *crowd {
	b.Helper()
	poll, err := syscall.EpollCreate1(0)
	if err != nil {
		b.Fatal(err)
	}
	c := &crowd{poll: poll, done: make(chan struct{})}
	address, err := net.ResolveTCPAddr("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		b.Fatal(err)
	}
	peer := &syscall.SockaddrInet4{Port: address.Port, Addr: [4]byte(address.IP.To4())}
	for range n {
		c.fds = append(c.fds, connect(b, poll, peer, request))
	}
	go c.read()
	return c
}

// join adds a client to those of newCrowd.
func (c *crowd) join(b *testing.B, url, request string) {
	b.Helper()
	address, err := net.ResolveTCPAddr("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		b.Fatal(err)
	}
	c.fds = append(c.fds, connect(b, c.poll, &syscall.SockaddrInet4{Port: address.Port, Addr: [4]byte(address.IP.To4())}, request))
}

func connect(b *testing.B, poll int, peer *syscall.SockaddrInet4, request string) int {
	b.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err == nil {
		err = syscall.Connect(fd, peer)
	}
	if err != nil {
		b.Fatal(err)
	}
	const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	if _, err := syscall.Write(fd, []byte(request+upgrade)); err != nil {
		b.Fatal(err)
	}
	var got []byte
	for buf := make([]byte, 2048); !bytes.Contains(got, []byte("\r\n\r\n")); {
		n, err := syscall.Read(fd, buf)
		if err != nil || n == 0 {
			b.Fatalf("%v %s", err, got)
		}
		got = append(got, buf[:n]...)
	}
	if !bytes.HasPrefix(got, []byte("HTTP/1.1 101")) {
		b.Fatalf("%s", got)
	}
	if err := syscall.SetNonblock(fd, true); err != nil {
		b.Fatal(err)
	}
	if err := syscall.EpollCtl(poll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}); err != nil {
		b.Fatal(err)
	}
	return fd
}

func (c *crowd) read() {
	defer close(c.done)
	runtime.LockOSThread()
	events := make([]syscall.EpollEvent, 512)
	buf := make([]byte, 1<<18)
	rest := map[int32][]byte{}
	for !c.stop.Load() {
		c.cpu.Store(processTime(syscall.RUSAGE_THREAD))
		n, err := syscall.EpollWait(c.poll, events, 100)
		if err != nil {
			continue
		}
		for _, e := range events[:n] {
			kept := copy(buf, rest[e.Fd])
			m, err := syscall.Read(int(e.Fd), buf[kept:])
			if err != nil || m <= 0 {
				continue
			}
			c.bytes.Add(int64(m))
			now := time.Now().UnixNano()
			b, count := buf[:kept+m], int64(0)
			for {
				i := bytes.Index(b, marker)
				if i < 0 {
					b = b[max(0, len(b)-len(marker)+1):]
					break
				}
				digits := b[i+len(marker):]
				end := bytes.IndexByte(digits[:min(len(digits), 20)], ',')
				if end < 0 {
					b = b[i:]
					break
				}
				seq := int64(0)
				for _, d := range digits[:end] {
					seq = seq*10 + int64(d-'0')
				}
				if len(c.fds) <= latencyClients {
					c.arrived = append(c.arrived, [2]int64{seq, now})
				}
				count++
				b = digits[end:]
			}
			rest[e.Fd] = append(rest[e.Fd][:0], b...)
			c.received.Add(count)
		}
	}
}

func (c *crowd) wait(b *testing.B, n int) {
	b.Helper()
	for end := time.Now().Add(2 * time.Minute); c.received.Load() < int64(n); time.Sleep(100 * time.Microsecond) {
		if time.Now().After(end) {
			b.Fatalf("%d of %d deliveries came", c.received.Load(), n)
		}
	}
}

// times are those from commit to frame, in order.
func (c *crowd) times(after int64) (all []time.Duration) {
	c.close()
	for _, a := range c.arrived {
		if at, ok := c.committed.Load(a[0]); ok && a[0] > after {
			all = append(all, time.Duration(a[1]-at.(time.Time).UnixNano()))
		}
	}
	slices.Sort(all)
	return all
}

func (c *crowd) close() {
	if c.stop.Swap(true) {
		return
	}
	<-c.done
	for _, fd := range c.fds {
		_ = syscall.Close(fd)
	}
	_ = syscall.Close(c.poll)
}
