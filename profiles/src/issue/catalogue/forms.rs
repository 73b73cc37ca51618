//! Rules of what answers a definition: responses to questionnaires, reports on measures, parameters of operations.

super::rules! {
    super::subjects::END;
    MEASURE_UNKNOWN = "measure-unknown", Question, "not-found",
        "the measure of a report is known",
        "load the package that defines it",
        "https://hl7.org/fhir/R4/measurereport.html";
    MEASURE_PART = "measure-part", Error, "business-rule",
        "the groups, populations and stratifiers of a report match those of its measure by link id or code, each once",
        "use the link id or the code from the measure",
        "https://hl7.org/fhir/R4/measurereport.html";
    MEASURE_PART_MISSING = "measure-part-missing", Error, "business-rule",
        "a report has the groups, populations and stratifiers of its measure",
        "add it",
        "https://hl7.org/fhir/R4/measurereport.html";
    MEASURE_SUBJECTS = "measure-subjects", Error, "business-rule",
        "only a report of subjects lists subjects, as many as the population's count says; other reports count",
        "correct the count, the list or the type of the report",
        "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.population.subjectResults";
    MEASURE_COUNT = "measure-count", Note, "not-found",
        "the list of a population's subjects is known, to compare its count with",
        "send the list along, or refer to where it is",
        "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.population.subjectResults";
    MEASURE_SCORE = "measure-score", Error, "business-rule",
        "a group has the score that the scoring of its measure asks for",
        "give the score that the scoring asks for: for a proportion 0 to 1 without a unit, for a cohort none",
        "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.measureScore";
    PARAMETER_TYPE = "parameter-type", Note, "business-rule",
        "a parameter with a name that operations of the specification use is of a type that they give it",
        "check the type, or whether the operation is one of your own",
        "https://hl7.org/fhir/R4/operationslist.html";
    QUESTIONNAIRE_UNKNOWN = "questionnaire-unknown", Question, "not-found",
        "the questionnaire of a response is known",
        "load the package that defines it",
        "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_ITEM = "questionnaire-item", Error, "structure",
        "every item of a response is in its questionnaire, in the same group or question",
        "check the linkId, or move the item",
        "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_ORDER = "questionnaire-order", Error, "structure",
        "the items of a response are in the order of the questionnaire",
        "reorder the items",
        "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_REQUIRED = "questionnaire-required", Error, "required",
        "every required item that is enabled has an answer",
        "add the answer",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.required";
    QUESTIONNAIRE_OCCURS = "questionnaire-occurs", Error, "structure",
        "items and answers repeat only as the questionnaire allows",
        "give as many as the questionnaire allows",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.repeats";
    QUESTIONNAIRE_DISABLED = "questionnaire-disabled", Error, "structure",
        "an item that is not enabled is not in the response",
        "remove the item, or correct the answers that it depends on",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen";
    QUESTIONNAIRE_PLACE = "questionnaire-place", Error, "structure",
        "groups contain items, questions contain answers, and the items of a question are inside its answers",
        "move the answers or the items",
        "https://hl7.org/fhir/R4/questionnaireresponse.html#link";
    QUESTIONNAIRE_TYPE = "questionnaire-type", Error, "value",
        "an answer has the type of its question",
        "answer with a value of the question's type",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.type";
    QUESTIONNAIRE_STRING = "questionnaire-string", Warning, "business-rule",
        "a string that answers a question is one line, and not the display of one of its options",
        "remove the line break, or answer with the option",
        "https://hl7.org/fhir/R4/codesystem-item-type.html";
    QUESTIONNAIRE_OPTION = "questionnaire-option", Error, "code-invalid",
        "an answer is among the options of its question",
        "choose one of the options",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.answerOption";
    QUESTIONNAIRE_EXCLUSIVE = "questionnaire-exclusive", Error, "business-rule",
        "an option that excludes others is the only answer to its question",
        "remove the exclusive answer, or the others",
        "https://hl7.org/fhir/R4/extension-questionnaire-optionexclusive.html";
    QUESTIONNAIRE_TEXT = "questionnaire-text", Warning, "business-rule",
        "the text of an item is the one that the questionnaire has for it",
        "copy the text, or check whether the questionnaire has changed since",
        "https://hl7.org/fhir/R5/questionnaireresponse-definitions.html#QuestionnaireResponse.item.text";
    QUESTIONNAIRE_PERIOD = "questionnaire-period", Warning, "business-rule",
        "a response was written while its questionnaire was in effect",
        "check the date, or use the questionnaire that was in effect",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.effectivePeriod";
    QUESTIONNAIRE_SUBJECT = "questionnaire-subject", Warning, "business-rule",
        "the subject of a response is of a type that its questionnaire is about",
        "check the subject, or the subject types of the questionnaire",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.subjectType";
    QUESTIONNAIRE_OPTION_UNDECIDED = "questionnaire-option-undecided", Question, "incomplete",
        "the options of a question are known",
        "load the value set or code system",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.answerValueSet";
    QUESTIONNAIRE_CONDITION = "questionnaire-condition", Error, "business-rule",
        "an item's enableWhen refers to an earlier item",
        "refer to an item that is answered earlier",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question";
    QUESTIONNAIRE_DERIVED = "questionnaire-derived", Error, "business-rule",
        "a questionnaire that complies with another has only items of it, none wider; one that extends it has all",
        "correct the item, or the type of the derivation",
        "https://hl7.org/fhir/R5/codesystem-questionnaire-derivationType.html";
    QUESTIONNAIRE_DERIVATION = "questionnaire-derivation", Question, "incomplete",
        "what a questionnaire is derived from is known, and how",
        "load the questionnaire, or say how it is derived",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.derivedFrom";
    QUESTIONNAIRE_BOUND = "questionnaire-bound", Error, "value",
        "an answer is within the bounds of its question",
        "answer within the bounds",
        "https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.maxLength";
}
