package accord.hapi;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.Patch;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.PatchTypeEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.provider.HashMapResourceProvider;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Patient;

/** HAPI's own storage in memory, which fires the hooks of storages; with patches and transactions on top. */
public final class StoredPatients extends HashMapResourceProvider<Patient> {

    StoredPatients() {
        super(HapiServer.R4, Patient.class);
    }

    /** Knows one patch: whatever it says, the gender becomes `other`. */
    @Patch
    public MethodOutcome patch(
            @IdParam IdType id, PatchTypeEnum type, @ResourceParam String body, RequestDetails request) {
        return patched(id, request);
    }

    private MethodOutcome patched(IdType id, RequestDetails request) {
        Patient patient = read(id, request).copy().setGender(AdministrativeGender.OTHER);
        return update(patient, null, request);
    }

    @Transaction
    public Bundle transaction(@TransactionParam Bundle bundle, RequestDetails request) {
        for (BundleEntryComponent entry : bundle.getEntry()) {
            IdType id = new IdType(entry.getRequest().getUrl());
            switch (entry.getRequest().getMethod()) {
                case POST -> create((Patient) entry.getResource(), request);
                case PUT -> {
                    entry.getResource().setId(id.hasIdPart() ? id : new IdType("Patient", "matched"));
                    update((Patient) entry.getResource(), null, request);
                }
                case PATCH -> patched(id, request);
                default -> throw new IllegalStateException();
            }
        }
        Bundle out = new Bundle();
        out.setType(BundleType.TRANSACTIONRESPONSE);
        return out;
    }
}
