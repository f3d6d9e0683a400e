package demo

import "strings"

// person is an ambassador of the brand.
type person struct {
	name  string
	squad int // 0 Lyon, 1 Berlin, 2 Lisboa
}

// The squads, by their place in squads.
const (
	lyon = iota
	berlin
	lisboa
)

// squads are what the squads say of themselves, and who leads them.
var squads = [...]struct {
	name, city, about, agenda, captain string
	capacity                           int
	language                           string
	asks                               string // of whoever applies
}{
	{"Lyon", "Lyon", "Les pentes d’abord, le café ensuite. Ici, personne ne court longtemps à plat.", "Mardi 6 h 30, au pied de l’escalier Prunelle", "Camille Rouvière", 16, "fr", "Qu’est-ce qui te fait courir dans un escalier ?"},
	{"Berlin", "Berlin", "There is nothing to climb here, so we run late, and as fast as everybody likes.", "Thursday 21:00, along the canal", "Jonas Wendrich", 16, "en", "How did you hear of us?"},
	{"Lisboa", "Lisboa", "Seven hills of slippery stone, and a swim at the end of them.", "Saturday 8:00, from the miradouro down to the river", "Rita Salvaterra", 14, "en", ""},
}

// people are the ambassadors, squad by squad.
var people = func() (all []person) {
	for squad, names := range [...]string{
		`Amina Mansouri, Camille Rouvière, Inès Valcourt, Tom Ferrand, Naïma Toulane, Malo Giraudet, Yanis Belkhir,
		Élise Montagnon, Jules Corbel, Lina Benhadj, Bastien Drevet, Awa Sarré, Théo Brissard, Sacha Peyrard`,
		`Jonas Wendrich, Leonie Kessler, Mira Aydogan, Paul Strehlow, Hanna Lüdecke, Emre Solmaz, Frieda Masloh,
		Nils Rademann, Aylin Korkut, Oskar Tiedke, Lotte Harms, Ben Adeyinka, Viktor Brandau, Zoe Ahrendt`,
		`Rita Salvaterra, Beatriz Falcato, Tiago Moital, Inês Carvalhal, Nuno Alpedrinha, Leonor Vidigal, Miguel Arrifana,
		Teresa Ourique, Rafael Bairrada, Kiala Mateus, Diogo Alverca, Carolina Estremoz, Yara Cabinda, Gonçalo Sines`,
	} {
		for name := range strings.SplitSeq(names, ",") {
			all = append(all, person{strings.TrimSpace(name), squad})
		}
	}
	return all
}()

// named is the place of somebody among people.
func named(name string) int {
	for i, p := range people {
		if p.name == name {
			return i
		}
	}
	panic("nobody of the demo is called " + name)
}

var plainLetters = strings.NewReplacer("é", "e", "è", "e", "ê", "e", "ë", "e", "É", "e", "ï", "i", "ü", "u", "ç", "c", "ã", "a", " ", ".")

// emailOf is a person's address, in a domain that nobody can have.
func emailOf(name, domain string) string {
	return strings.ToLower(plainLetters.Replace(name)) + "@" + domain
}

// Guests are who is invited into the squads by mail, as their managers write it.
var Guests = map[int]struct{ Lines, Language string }{
	lyon:   {"Maud Teillard <maud.teillard@example.com>\nIsmaël Kaci <ismael.kaci@example.com>", "fr"},
	berlin: {"Greta Uhlig <greta.uhlig@example.com>", "en"},
}

// applicants are who would like to be in a squad, and what they say.
var applicants = []struct {
	name  string
	squad int
	says  string
}{
	{"Lou Perrachon", lyon, "Rien, je cours mal. Mais je connais celui-là marche par marche."},
	{"Sami Perrodin", lyon, "Mon chien. Il ne prend jamais l’ascenseur."},
	{"Finn Okerlund", berlin, "A friend of a friend of a friend of mine sent me the one about running in the dark."},
	{"Marisa Quelhas", lisboa, ""},
	{"Duarte Lobão", lisboa, ""},
	{"Sofia Caramelo", lisboa, ""},
}
