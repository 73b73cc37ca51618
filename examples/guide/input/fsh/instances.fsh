RuleSet: Pupil(id)
* id = "{id}"
* identifier[pupilNumber].value = "4711"
* name.family = "Lind"
* name.given = "Ida"
* birthDate = "2016-05-04"
* extension[schoolClass].valueString = "4b"

Instance: ida
InstanceOf: Pupil
Usage: #example
* insert Pupil(ida)

Instance: pupil-without-class
InstanceOf: Patient
Usage: #example
* meta.profile = "https://accord.example/school/StructureDefinition/pupil"
* identifier.system = "https://accord.example/school/pupil-number"
* identifier.value = "4712"
* name.family = "Lind"
* name.given = "Ole"
* birthDate = "2017-05-04"

Instance: pupil-half-a-name
InstanceOf: Patient
Usage: #example
* meta.profile = "https://accord.example/school/StructureDefinition/pupil"
* extension.url = "https://accord.example/school/StructureDefinition/school-class"
* extension.valueString = "4b"
* identifier.system = "https://accord.example/school/pupil-number"
* identifier.value = "4713"
* name.family = "Berg"
* birthDate = "2017-05-04"

Instance: measles
InstanceOf: Vaccination
Usage: #example
* status = #completed
* vaccineCode = https://accord.example/school/CodeSystem/vaccines#measles
* patient = Reference(ida)
* occurrenceDateTime = "2026-03-02"
* recorded = "2026-03-03"
* note.text = "In the left arm."

Instance: vaccine-unknown
InstanceOf: Immunization
Usage: #example
* meta.profile = "https://accord.example/school/StructureDefinition/vaccination"
* status = #completed
* vaccineCode = https://accord.example/school/CodeSystem/times#evening
* patient = Reference(Patient/ida)
* occurrenceDateTime = "2026-03-02"
* primarySource = true

Instance: vaccination-recorded-early
InstanceOf: Immunization
Usage: #example
* meta.profile = "https://accord.example/school/StructureDefinition/vaccination"
* status = #completed
* vaccineCode = https://accord.example/school/CodeSystem/vaccines#mumps
* patient = Reference(Patient/ida)
* occurrenceDateTime = "2026-03-02"
* recorded = "2026-03-01"
* primarySource = true

Instance: evening
InstanceOf: Fever
Usage: #example
* code.text = "Temperature after a vaccination"
* subject = Reference(ida)
* component[evening].valueQuantity = 37.2 'Cel' "°C"

Instance: fever-without-evening
InstanceOf: Observation
Usage: #example
* meta.profile = "https://accord.example/school/StructureDefinition/fever"
* status = #final
* category = http://terminology.hl7.org/CodeSystem/observation-category#exam
* code.text = "Temperature after a vaccination"
* subject = Reference(Patient/ida)
* component.code = https://accord.example/school/CodeSystem/times#morning
* component.valueQuantity = 37.2 'Cel' "°C"
