package web_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/views"
)

// far is somebody to whom an answer takes long: it says that something is on the way, and waits.
type far struct {
	http.ResponseWriter
	began, arrives chan struct{}
}

func (f far) Write(b []byte) (int, error) {
	f.began <- struct{}{}
	<-f.arrives
	return f.ResponseWriter.Write(b)
}

// Two people far away look at what takes long to draw; everybody else gets their pages and cards meanwhile.
func TestWhoeverIsFarAwayKeepsNobodyWaiting(t *testing.T) {
	l := sharing(t)
	slow := []string{views.LinkPath(l.link), views.MapPath(l.link), views.DropPath(l.drop), views.CampaignPath(l.campaign)}
	began, arrives := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	for _, path := range slow {
		b, _ := l.signedIn("manel@novaska.example", account.Manager)
		all.Go(func() {
			b.do(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				l.server.ServeHTTP(far{w, began, arrives}, r)
			}), http.MethodGet, path, nil, nil).wants(http.StatusOK)
		})
	}
	within := time.After(20 * time.Second)
	for n := range slow {
		select {
		case <-began:
		case <-within:
			t.Errorf("of %d answers %d are on their way, and the others wait for them", len(slow), n)
			close(arrives)
			go func() {
				for range began {
				}
			}()
			all.Wait()
			return
		}
	}
	l.manager.get(slow[0]).wants(http.StatusOK)
	close(arrives)
	all.Wait()
}
