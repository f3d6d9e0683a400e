package spread

// How many people it takes before a number says more than chance.
const (
	FewForRates = 5  // R, shares of a whole
	FewForShape = 10 // structural virality, half-life
	FewForSure  = 20 // below it, rates are shown in grey
)

// ShowsRates says whether there are enough people for rates and percentages.
func (s Sums) ShowsRates() bool { return s.People >= FewForRates }

// ShowsShape says whether there are enough people for virality and half-life.
func (s Sums) ShowsShape() bool { return s.People >= FewForShape }

// Sure says whether rates need no caution.
func (s Sums) Sure() bool { return s.People >= FewForSure }

// R is the mean number of people that each person brought, 0 for nobody.
func (s Sums) R() float64 { return share01(s.People-s.FirstHop, s.People) }

// PassOnRate is the share of people who passed it on, 0 for nobody.
func (s Sums) PassOnRate() float64 { return share01(s.Sharers, s.People) }

// shrinkage is how many people's worth the campaign's mean weighs in a shrunk rate.
const shrinkage = 20

// ShrunkR is R drawn towards the campaign's mean, the more so the fewer people
// it is measured on: (n − n₁ + κR̄)/(n + κ), κ = 20. Ranks never use it.
func (s Sums) ShrunkR(mean float64) float64 {
	return (float64(s.People-s.FirstHop) + shrinkage*mean) / (float64(s.People) + shrinkage)
}

// HandShare is the share of all people that the largest hand brought.
func (s Shape) HandShare() float64 { return share01(s.LargestHand, s.People) }

// BranchShare is the share of all people in the largest branch.
func (s Shape) BranchShare() float64 { return share01(s.LargestBranch, s.People) }

func share01(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
