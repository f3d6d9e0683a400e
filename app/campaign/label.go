package campaign

import (
	"context"
	"fmt"
	"strings"

	"ricochet.example/app/brand"
	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/data"
)

// Labels are the disclosures of a campaign by the languages of its drops. Where there is none, the brand's stands.
type Labels map[string]string

// longestLabel is the length of a disclosure, in characters.
const longestLabel = 120

// LabelField is the name in forms of the disclosure in a language.
func LabelField(language string) string { return "label_" + language }

// Check returns what keeps the labels from being set.
func (l Labels) Check() (p check.Problems) {
	for _, language := range lang.Supported() {
		p.Longest(LabelField(language), l[language], longestLabel)
	}
	return p
}

// LabelsOf returns the disclosures that a campaign has of its own.
func LabelsOf(ctx context.Context, tx *data.Tx, campaignID string) (Labels, error) {
	l := Labels{}
	err := data.Each(ctx, tx, func(r data.Row) error {
		var language, label string
		err := r.Scan(&language, &label)
		l[language] = label
		return err
	}, `SELECT language, label FROM campaign_labels WHERE campaign_id = ?`, campaignID)
	if err != nil {
		return nil, fmt.Errorf("reading the disclosures of a campaign: %w", err)
	}
	return l, nil
}

// SetLabels replaces the disclosures of a campaign by some that have passed Check. Empty ones are the brand's. They
// show at once on every link that ever went out.
func SetLabels(ctx context.Context, tx *data.Tx, campaignID string, l Labels) error {
	if _, err := tx.Exec(ctx, `DELETE FROM campaign_labels WHERE campaign_id = ?`, campaignID); err != nil {
		return fmt.Errorf("setting the disclosures of a campaign: %w", err)
	}
	for _, language := range lang.Supported() {
		label := strings.TrimSpace(l[language])
		if label == "" {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO campaign_labels (campaign_id, language, label) VALUES (?, ?, ?)`, campaignID, language, label); err != nil {
			return fmt.Errorf("setting the disclosures of a campaign: %w", err)
		}
	}
	return brand.NewEdition(ctx, tx)
}
