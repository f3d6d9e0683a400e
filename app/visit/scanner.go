package visit

// scanners are the words by which mail gateways, virus laboratories and vulnerability scanners
// name themselves. All lower case.
var scanners = newLexicon(
	"scanner", "zgrab", "masscan", "nmap", "nikto", "nuclei", "wpscan", "l9scan", "l9explore",
	"leakix", "sqlmap", "acunetix", "nessus", "qualys", "openvas", "netsparker", "invicti",
	"burpsuite", "detectify", "dirbuster", "gobuster", "arachni", "w3af", "whatweb", "shodan",
	"censys", "expanse", "paloaltonetworks", "palo alto", "bitsight", "netcraft", "onyphe",
	"binaryedge", "netsystemsresearch", "internet-measurement", "internetmeasurement",
	"stretchoid", "criminalip", "zoomeye", "driftnet",
	"project sonar", "rapid7", "securityscorecard", "upguard", "riskiq", "recordedfuture",
	"intelx", "hadrian", "probely", "urlscan", "urlvoid", "urlhaus", "checkphish", "phish",
	"malware", "virus", "threat", "vulnerab", "pentest", "safebrowsing", "safe browsing",
	"google-safety", "safesearch", "safedns", "safeweb", "projectshield", "cloudflare-radar",
	"cloudflare-securitycenter", "barracuda", "kaspersky lab", "kaspersky-", "bluecoat",
	"blue coat", "symantec", "messagelabs", "proofpoint", "mimecast", "ironport", "cisco talos",
	"talosintel", "forcepoint", "websense", "fortiguard", "fortinet", "zscaler", "sophos",
	"trendmicro", "trend micro", "webroot", "brightcloud", "zvelo", "netskope",
	"bitdefender", "f-secure", "withsecure", "cyren", "cloudmark", "spamhaus", "surbl",
	"vadesecure", "hornetsecurity", "trustwave", "mailguard", "spamtitan", "titanhq",
	"avanan", "checkpoint", "check point", "fireeye", "trellix", "crowdstrike", "sentinelone",
	"dr.web", "drweb", "sucuri", "sitelock", "quttera", "astra security", "securityservice",
	"twinwave", "joesandbox", "joe sandbox", "hybrid-analysis", "any.run", "cuckoo sandbox",
	"urlcheck", "url-check", "linkcheckservice", "safelinks", "internet-census",
	"internetcensus", "security-scan", "securityscan", "security scan",
	"/scan", "scanbot", "iptscan",
)
