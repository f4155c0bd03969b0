// What a recording shows is what the page showed. The whole list is measured by `npm run fidelity`; these need nothing that is not there.

import { testFidelity } from "../src/fidelity/suite";
import { QUICK } from "../src/fidelity/subjects";

testFidelity(QUICK);
