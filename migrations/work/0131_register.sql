-- What every room uses, below the rooms: the sectors that organisations are of.
-- +goose Up
CREATE TABLE register_sectors (
	id       TEXT    NOT NULL PRIMARY KEY, -- a word that figures and files use; never changed
	title    TEXT    NOT NULL,
	words    TEXT    NOT NULL DEFAULT '',  -- what else it is called in files, as register.Word writes it, with commas
	place    BIGINT  NOT NULL,             -- where it stands among the others
	ended_on TEXT                          -- from when on it cannot be chosen
);
-- register.Standard lists the same, for reading a file where there is no database.
INSERT INTO register_sectors (id, title, words, place) VALUES
	('local-authority', 'Local authority', 'la,council,local-government,childrens-services,children-s-services,childrens-social-care,children-s-social-care', 1),
	('health', 'Health', 'nhs', 2),
	('education', 'Education', 'school,schools,schools-and-colleges,college', 3),
	('early-years', 'Early years', 'early-years-and-childcare,nursery,childcare', 4),
	('police', 'Police', '', 5),
	('criminal-justice', 'Criminal justice', 'probation,youth-justice,justice', 6),
	('voluntary-community', 'Voluntary and community', 'voluntary,vcs,vcse,vcfse,charity,third-sector,community', 7),
	('housing', 'Housing', '', 8),
	('fire-rescue', 'Fire and rescue', 'fire', 9),
	('other', 'Other', '', 10);
