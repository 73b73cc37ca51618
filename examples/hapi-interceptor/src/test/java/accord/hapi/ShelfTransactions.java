package accord.hapi;

import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Patient;

/** Stores whatever patients are in a transaction. */
public final class ShelfTransactions {

    private final Shelf shelf;

    ShelfTransactions(Shelf shelf) {
        this.shelf = shelf;
    }

    @Transaction
    public Bundle transaction(@TransactionParam Bundle bundle) {
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            if (entry.getResource() instanceof Patient patient) {
                shelf.keep("t" + shelf.kept.size(), patient);
            }
        }
        Bundle out = new Bundle();
        out.setType(BundleType.TRANSACTIONRESPONSE);
        return out;
    }
}
