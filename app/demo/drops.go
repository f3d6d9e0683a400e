package demo

import "ricochet.example/app/drop"

// The drops, by their place in what Cast.Drops holds.
const (
	traboule = iota // early access
	night           // early access in English, Berlin first; not for Lyon
	soles           // public
	colour          // under embargo
)

// site is where the brand would sell something, if there were one.
const site = "https://novaska.example/"

// texts are what the drops say.
var texts = [...]drop.Drop{
	traboule: {Language: "fr", Version: drop.Version{
		Title:   "La Traboule, avant la boutique",
		Teaser:  "Une chaussure née sur 387 marches, portée tout un hiver par onze membres de la squad. Elle accroche quand la pierre est mouillée.",
		Caption: "Je te la montre avant que ça sorte. Dis-moi ce que tu penses de la semelle.",
		Action:  "Réserver la mienne", ActionURL: site + "traboule",
		Body: `## Trois cent quatre-vingt-sept marches

C’est le compte entre la place et le haut des pentes, quand on passe par les cours. Onze membres de la squad de Lyon les ont montées tout l’hiver, avant le petit déjeuner, un carnet dans la poche. Sa première ligne ne parlait pas de vitesse : « Sous la pluie, je cours les yeux baissés. »

La **Traboule** est notre réponse.

- **Elle accroche.** Sa gomme a été choisie sur des dalles mouillées, pas sur un tapis roulant.
- **Elle laisse la place.** L’avant-pied est plus large : c’est ce qui revenait le plus dans le carnet.
- **Elle se fait oublier.** 231 grammes en 42, avec les lacets.

> « Un matin, j’ai remarqué que je regardais devant moi. »
> Inès, Lyon

Les boutiques l’auront dans deux semaines. D’ici là, elle passe de main en main : envoie cette page à quelqu’un qui monte tous les jours, et qui s’en plaint.
`,
	}},
	night: {Language: "en", Version: drop.Version{
		Title:   "Forty pairs, after dark",
		Teaser:  "Two weeks, two cities, wet ground. Testers tell us where they slipped; twelve pairs have no name on them yet.",
		Caption: "They are looking for people who complain precisely. I said I knew somebody.",
		Action:  "Put my name on a pair", ActionURL: site + "night",
		Body: `We could test a shoe at noon, in the dry. It would pass.

So for two weeks **forty pairs of the Traboule** go out at night instead: along the canal in Berlin, and over the limestone of Lisboa, which generations of soles have polished to soap. Lyon had the whole winter on its stairs. Now it is your turn.

The rules are short. You run when it is dark. When you are home you write three lines, before the shower:

1. The place where you slipped.
2. The place where you forgot your feet.
3. The one thing that we should change by Friday.

Nobody is paid for a kind word. The notes reach the workshop as they are, and the rudest of each week hangs over the bench.

:::early
Squads come first: twelve pairs are left, in sizes 37 to 45. Tell your captain before Sunday.
:::
`,
	}},
	soles: {Language: "fr", Version: drop.Version{
		Title:   "Vieilles chaussures, semelles neuves",
		Teaser:  "Laisse-nous ta paire usée quatre jours. Elle revient avec une gomme neuve, et garde la forme de tes pieds.",
		Caption: "Ne jette pas les tiennes, lis ça d’abord.",
		Action:  "Réserver mes quatre jours", ActionURL: site + "etabli",
		Body: `Regarde la paire qui traîne près de ta porte. Le dessus tiendra encore des années ; il n’y a que la semelle qui soit finie.

Au fond de l’atelier de Lyon, il y a maintenant **un établi pour ça**. Tu poses ta paire, tu patientes quatre jours, et tu repars en courant.

- **38 €**, quel que soit son état.
- **Un tiers de la matière** d’une paire neuve. On a pesé les deux.
- **Ce qui nous résiste :** un talon déchiré, une plaque cassée, et les chiens.

Depuis le printemps, 612 paires sont passées sur l’établi. La plus ancienne est en vitrine : 2 900 kilomètres, et déjà sa troisième semelle. Son propriétaire vient lui dire bonjour, et Marta, qui tient l’établi, ne lui demande plus quand il la reprendra.

Si quelqu’un autour de toi s’apprête à jeter les siennes, sois plus rapide que la poubelle.
`,
	}},
	colour: {Language: "fr", Version: drop.Version{
		Title:   "La teinte que personne n’attendait",
		Teaser:  "214 voix, trois villes, et un résultat qui n’était sur aucun nuancier.",
		Caption: "Essaie de deviner la couleur avant d’ouvrir.",
		Action:  "Choisir mon numéro", ActionURL: site + "bleu",
		Body: `## Le vote a débordé

Il y avait trois teintes sur la table : pour Lisboa l’ocre des façades, pour Berlin le gris du canal, pour Lyon le vert d’un certain volet. Vous avez été 214 à voter, et aucune des trois ne l’emporte.

Un soir de gros temps, Malo a photographié la Saône et l’a envoyée à tout le monde. Deux jours plus tard, 121 voix avaient changé de camp, jusqu’à la moitié de Berlin. Va donc pour le **bleu d’orage**. Le teinturier s’y est repris à quatre fois.

- **300 paires** dans la première série, numérotées à la main.
- **Les 42 premières** sont pour vous : une par membre, avec votre nom si vous y tenez.
- **L’ocre et le gris** attendront le printemps.

À l’intérieur de la languette, il y a la signature de Malo. La place d’à côté est libre.
`,
	}},
}
