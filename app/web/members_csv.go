package web

import (
	"bytes"
	"encoding/csv"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/lang"
	"ricochet.example/app/sheet"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// sendMembers sends a squad's members as a file for spreadsheets.
func (s *Server) sendMembers(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var sq squad.Squad
	var members []squad.Member
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		sq, members, err = s.squadOf(r, tx)
		return err
	})
	if err != nil {
		return err
	}
	rows := [][]string{{
		lang.T(ctx, "guest.email"), lang.T(ctx, "team.name"), lang.T(ctx, "guest.squad"), lang.T(ctx, "guest.language"), lang.T(ctx, "squad.captain"),
		lang.T(ctx, "members_file.suspended"), lang.T(ctx, "members_file.joined"),
	}}
	for _, m := range members {
		rows = append(rows, []string{
			m.Email, m.Name, sq.Name, m.Language, truth(m.Captain), truth(m.Suspended), m.JoinedAt.In(s.zone()).Format(time.DateOnly),
		})
	}
	return s.sendSheet(w, r, sq.Name, rows)
}

// sendApplications sends the applications to a squad as a file for spreadsheets, a column for each question.
func (s *Server) sendApplications(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var sq squad.Squad
	var questions []string
	var all []squad.Application
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if sq, err = squad.ByID(ctx, tx, r.PathValue("squad")); err != nil {
			return err
		}
		return squad.EachApplication(ctx, tx, sq.ID, func(a squad.Application) error {
			for _, said := range a.Answers {
				if !slices.Contains(questions, said.Question) && len(questions) < mostQuestionColumns {
					questions = append(questions, said.Question)
				}
			}
			all = append(all, a)
			return nil
		})
	})
	if err != nil {
		return err
	}
	rows := [][]string{append([]string{
		lang.T(ctx, "guest.email"), lang.T(ctx, "team.name"), lang.T(ctx, "guest.squad"), lang.T(ctx, "guest.language"),
		lang.T(ctx, "applications_file.stage"), lang.T(ctx, "applications_file.asked"), lang.T(ctx, "applications_file.decided"), lang.T(ctx, "application.reason"),
	}, questions...)}
	for _, a := range all {
		decided, stage := "", "application_"+string(a.State)
		if !a.DecidedAt.IsZero() {
			decided = a.DecidedAt.In(s.zone()).Format(time.DateOnly)
		}
		row := []string{a.Email, a.Name, sq.Name, a.Language, lang.T(ctx, "state."+stage), a.AskedAt.In(s.zone()).Format(time.DateOnly), decided, a.Reason}
		for _, q := range questions {
			said := ""
			for _, answer := range a.Answers {
				if answer.Question == q {
					said = answer.Text
				}
			}
			row = append(row, said)
		}
		rows = append(rows, row)
	}
	return s.sendSheet(w, r, sq.Name+"-"+lang.T(ctx, "application.all"), rows)
}

// mostQuestionColumns bounds the columns of a file of applications: squads change their questions.
const mostQuestionColumns = 50

// sendSheet sends rows as a file for spreadsheets.
func (s *Server) sendSheet(w http.ResponseWriter, r *request, name string, rows [][]string) error {
	file, err := sheetOf(rows, lang.Of(r.Context()))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(name) + ".csv"}))
	h.Set("Content-Length", strconv.Itoa(len(file)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	_, err = w.Write(file)
	return err
}

func truth(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// fileName is a name for a file, in letters that every computer takes.
func fileName(s string) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(s)), "-")
	if name == "" {
		return "squad"
	}
	return name
}

// sheetOf is rows as a CSV that spreadsheets of a language open by a double click: with the mark by which they
// know UTF-8, and in French with semicolons. No cell is taken for a formula.
func sheetOf(rows [][]string, language string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if language == "fr" {
		w.Comma = ';'
	}
	for _, row := range rows {
		if err := w.Write(sheet.Row(row...)); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}
