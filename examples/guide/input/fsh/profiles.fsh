Alias: $vaccines = https://accord.example/school/CodeSystem/vaccines
Alias: $pupil-number = https://accord.example/school/pupil-number

Invariant: school-name
Description: "A name has a family name and a given name, or a text"
Severity: #error
Expression: "(family.exists() and given.exists()) or text.exists()"

Invariant: school-late
Description: "What was given was given no earlier than it was prescribed"
Severity: #error
Expression: "occurrence.ofType(dateTime).exists() implies (recorded.empty() or recorded >= occurrence.ofType(dateTime))"

Profile: Pupil
Parent: Patient
Id: pupil
Title: "Pupil"
Description: "A child at a school, with a number that the school gives."
* identifier 1..* MS
* identifier ^slicing.discriminator.type = #value
* identifier ^slicing.discriminator.path = "system"
* identifier ^slicing.rules = #open
* identifier contains pupilNumber 1..1 MS and insurance 0..1 MS
* identifier[pupilNumber].system 1..1
* identifier[pupilNumber].system = $pupil-number
* identifier[pupilNumber].value 1..1
* identifier[insurance].system 1..1
* identifier[insurance].system = "https://accord.example/school/insurance"
* name 1..2 MS
* name obeys school-name
* birthDate 1..1 MS
* deceased[x] 0..0
* extension contains SchoolClass named schoolClass 1..1 MS

Extension: SchoolClass
Id: school-class
Title: "Class"
Description: "The class that a pupil is in."
* ^context.type = #element
* ^context.expression = "Patient"
* value[x] only string
* value[x] 1..1
* valueString ^maxLength = 8

Profile: Vaccination
Parent: Immunization
Id: vaccination
Title: "Vaccination"
Description: "A vaccination that a pupil got, or did not."
* obeys school-late
* vaccineCode from VaccinesVS (required)
* patient only Reference(Pupil)
* patient MS
* occurrence[x] only dateTime
* occurrence[x] MS
* primarySource 1..1
* primarySource = true
* performer 0..1 MS
* note ..1
* isSubpotent 0..0

Profile: Fever
Parent: Observation
Id: fever
Title: "Temperature after a vaccination"
Description: "Temperatures in the evening and the morning after a vaccination."
* status = #final
* category 1..1
* category = http://terminology.hl7.org/CodeSystem/observation-category#exam
* subject 1..1
* subject only Reference(Pupil)
* value[x] 0..0
* component ^slicing.discriminator.type = #pattern
* component ^slicing.discriminator.path = "code"
* component ^slicing.rules = #closed
* component 1..2
* component contains evening 1..1 MS and morning 0..1 MS
* component[evening].code = https://accord.example/school/CodeSystem/times#evening
* component[evening].value[x] 1..1
* component[evening].value[x] only Quantity
* component[morning].code = https://accord.example/school/CodeSystem/times#morning
* component[morning].value[x] only Quantity or string

CodeSystem: Vaccines
Id: vaccines
Title: "Vaccines"
Description: "Vaccines that a school may give."
* ^caseSensitive = true
* ^experimental = true
* #measles "Measles"
* #mumps "Mumps"
* #rubella "Rubella"

CodeSystem: Times
Id: times
Title: "Times"
Description: "Times of a measurement."
* ^caseSensitive = true
* ^experimental = true
* #evening "In the evening"
* #morning "In the morning"

ValueSet: VaccinesVS
Id: vaccines
Title: "Vaccines"
Description: "Vaccines that a school may give."
* ^experimental = true
* include codes from system Vaccines
