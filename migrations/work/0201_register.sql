-- What a sector is also called in files is kept as people write it, a word a line, and
-- folded when a file is read. What somebody has changed stays as it was kept before,
-- with commas, until they save it again.
-- +goose Up
UPDATE register_sectors SET words = 'LA
council
local government
children''s services
childrens services
children''s social care
childrens social care
' WHERE id = 'local-authority' AND words = 'la,council,local-government,childrens-services,children-s-services,childrens-social-care,children-s-social-care';
UPDATE register_sectors SET words = 'NHS
' WHERE id = 'health' AND words = 'nhs';
UPDATE register_sectors SET words = 'school
schools
schools and colleges
college
' WHERE id = 'education' AND words = 'school,schools,schools-and-colleges,college';
UPDATE register_sectors SET words = 'early years and childcare
nursery
childcare
' WHERE id = 'early-years' AND words = 'early-years-and-childcare,nursery,childcare';
UPDATE register_sectors SET words = 'probation
youth justice
justice
' WHERE id = 'criminal-justice' AND words = 'probation,youth-justice,justice';
UPDATE register_sectors SET words = 'voluntary
VCS
VCSE
VCFSE
charity
third sector
community
' WHERE id = 'voluntary-community' AND words = 'voluntary,vcs,vcse,vcfse,charity,third-sector,community';
UPDATE register_sectors SET words = 'fire
' WHERE id = 'fire-rescue' AND words = 'fire';
