package web

import (
	"net/http"

	"ricochet.example/app/account"
)

// Visitor is a kind of person who may ask for a route.
type Visitor int

// The kinds of visitor. An outsider is an ambassador whom the thing in
// question is none of the business of: of another squad, or not the owner of
// the link; they may be the captain of their own. A captain is a member who
// leads the squad in question: they do for it what managers do, and nothing else.
const (
	Stranger Visitor = iota // not signed in
	Outsider
	Member
	Captain
	Manager
	Owner
	visitors
)

// Visitors lists every kind, in the order of a route's answers.
var Visitors = [visitors]Visitor{Stranger, Outsider, Member, Captain, Manager, Owner}

// String is the kind's name in test output.
func (v Visitor) String() string {
	return [...]string{"stranger", "outsider", "member", "captain", "manager", "owner"}[v]
}

// Answer is what a visitor of some kind gets.
type Answer int

// Absent and forbidden look the same. SignIn sends a stranger to sign in first.
// Private is NotFound too, unless the thing is the visitor's own.
const (
	Yes Answer = iota
	NotFound
	SignIn
	Private
)

// Answers is a route's row: what each kind of visitor gets.
type Answers [visitors]Answer

// The rows that occur. What tells a member from an outsider is decided by the
// handler, from the thing that was asked for; everything else at the gate.
var (
	everyone    = Answers{Yes, Yes, Yes, Yes, Yes, Yes}
	signedIn    = Answers{SignIn, Yes, Yes, Yes, Yes, Yes}
	insiders    = Answers{SignIn, NotFound, Yes, Yes, Yes, Yes}
	ambassadors = Answers{SignIn, Yes, Yes, Yes, NotFound, NotFound}
	makers      = Answers{SignIn, NotFound, Yes, Yes, Private, Private}
	members     = Answers{SignIn, NotFound, Yes, Yes, NotFound, NotFound} // staff have no links, and are on no board
	leaders     = Answers{SignIn, NotFound, NotFound, Yes, Yes, Yes}      // the gate asks who leads {squad}
	staff       = Answers{SignIn, NotFound, NotFound, NotFound, Yes, Yes}
	ownersOnly  = Answers{SignIn, NotFound, NotFound, NotFound, NotFound, Yes}
)

// Route is one row of the table that is at once the routes, the authorisation
// and its test.
type Route struct {
	Method  string
	Pattern string
	Answers Answers
	// Page says that a person looks at the answer, so that tests of pages visit it.
	Page bool

	handle handler
	quick  bool // the handler finds out itself who is asking
	early  bool // is there before the brand is
	keeps  bool // what a stranger sends is handed back to them, to send once they have signed in
}

// Name is the method and the pattern, as the mux takes them.
func (rt Route) Name() string { return rt.Method + " " + rt.Pattern }

// handler answers a request, or says why it cannot.
type handler func(w http.ResponseWriter, r *request) error

// visitor is the kind of an account, as far as the gate can tell: of an
// ambassador it thinks well.
func visitor(a account.Account) Visitor {
	switch {
	case a.ID == "":
		return Stranger
	case a.Role == account.Owner:
		return Owner
	case a.Staff():
		return Manager
	}
	return Captain
}

// Routes is the table.
func (s *Server) Routes() []Route {
	var all []Route
	for _, area := range [][]Route{
		s.readerRoutes(),
		s.setUpRoutes(),
		s.signInRoutes(),
		s.startRoutes(),
		s.squadRoutes(),
		s.leadRoutes(),
		s.guestRoutes(),
		s.memberRoutes(),
		s.applicationRoutes(),
		s.joinRoutes(),
		s.guardianRoutes(),
		s.grownRoutes(),
		s.meRoutes(),
		s.appRoutes(),
		s.accentRoutes(),
		s.noticeRoutes(),
		s.outboxRoutes(),
		s.settingsRoutes(),
		s.mailServerRoutes(),
		s.campaignRoutes(),
		s.dropRoutes(),
		s.releaseMoveRoutes(),
		s.doorRoutes(),
		s.soloRoutes(),
		s.imageRoutes(),
		s.videoRoutes(),
		s.subtitleRoutes(),
		s.parcelRoutes(),
		s.shareRoutes(),
		s.qrRoutes(),
		s.houseQRRoutes(),
		s.momentRoutes(),
		s.posterRoutes(),
		s.channelRoutes(),
		s.countedRoutes(),
		s.treeRoutes(),
		s.weekRoutes(),
		s.boardRoutes(),
		s.mapRoutes(),
		s.rehearsalRoutes(),
		s.judgeRoutes(),
		s.stopRoutes(),
		s.eraseRoutes(),
		s.aboutRoutes(),
		s.speakRoutes(),
		s.voiceRoutes(),
		s.inboxRoutes(),
		s.rewardRoutes(),
		s.mineRoutes(),
		s.rewardingRoutes(),
		s.designRoutes(),
		s.demoRoutes(),
	} {
		all = append(all, area...)
	}
	return all
}

func (s *Server) readerRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/s/{token}", Answers: everyone, Page: true, handle: s.readShared, quick: true},
		{Method: "GET", Pattern: "/s/{token}/{channel}", Answers: everyone, Page: true, handle: s.readShared, quick: true},
		{Method: "POST", Pattern: "/s/{token}/open", Answers: everyone, handle: s.confirmOpen, quick: true},
		{Method: "POST", Pattern: "/s/{token}/sent/{channel}", Answers: everyone, handle: s.tallySent, quick: true},
		{Method: "GET", Pattern: "/go/{token}/{channel}", Answers: everyone, handle: s.goShare, quick: true},
		{Method: "GET", Pattern: "/robots.txt", Answers: everyone, handle: s.robots, quick: true},
		{Method: "GET", Pattern: "/static/{file...}", Answers: everyone, handle: s.sendStatic, quick: true},
	}
}
