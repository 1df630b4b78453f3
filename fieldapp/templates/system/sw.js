// The service worker of Sett. Written anew for every version; the browser installs it when these bytes change.
import { listen } from "{{ worker }}";

listen({{ build | tojson(indent=1) }});
