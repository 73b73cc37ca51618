package accord.hapi;

import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.ConditionalUrlParam;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Patch;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.PatchTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.IResourceProvider;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Patient;

/** The smallest storage of patients: it fires none of HAPI's storage hooks. */
public final class Shelf implements IResourceProvider {

    final Map<String, Patient> kept = new ConcurrentHashMap<>();
    /** Set where patches are judged by the provider. */
    AccordInterceptor judge;

    @Override
    public Class<Patient> getResourceType() {
        return Patient.class;
    }

    @Create
    public MethodOutcome create(@ResourceParam Patient patient, @ConditionalUrlParam String condition) {
        return keep("n" + kept.size(), patient);
    }

    @Update
    public MethodOutcome update(@IdParam IdType id, @ResourceParam Patient patient, @ConditionalUrlParam String query) {
        return keep(id == null ? "c1" : id.getIdPart(), patient);
    }

    @Read
    public Patient read(@IdParam IdType id) {
        return kept.get(id.getIdPart());
    }

    /** Knows one patch: whatever it says, the gender becomes `other`. */
    @Patch
    public MethodOutcome patch(
            @IdParam IdType id, PatchTypeEnum type, @ResourceParam String body, RequestDetails request) {
        Patient before = kept.get(id.getIdPart());
        Patient after = before.copy().setGender(AdministrativeGender.OTHER);
        if (judge != null) {
            judge.judge(request, after, before);
        }
        return keep(id.getIdPart(), after);
    }

    MethodOutcome keep(String id, Patient patient) {
        patient.setId(new IdType("Patient", id));
        boolean isNew = kept.put(id, patient) == null;
        return new MethodOutcome(patient.getIdElement(), isNew);
    }
}
