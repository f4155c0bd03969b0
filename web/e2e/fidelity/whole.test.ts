// What a recording shows is what the page showed, for a documentation site and web apps that nobody here wrote.

import { testFidelity } from "../src/fidelity/suite";
import { WHOLE } from "../src/fidelity/subjects";

testFidelity(WHOLE);
