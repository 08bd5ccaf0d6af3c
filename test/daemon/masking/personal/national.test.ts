/** National identifiers: invented numbers that satisfy their checksums, and what is none. */
import { expect, test } from "vitest";
import { personalFinders } from "../../../../src/daemon/masking/personal/catalogue.js";

/** What the detectors of that name find in a text, but for what is a part of another. */
function foundBy(name: string, text: string): readonly string[] {
  const findings = personalFinders([name]).flatMap((finder) => finder.find(text));
  return findings
    .filter(({ end }, at) => findings.slice(0, at).every((other) => other.end < end))
    .map(({ start, end }) => text.slice(start, end));
}

const checked: readonly [detector: string, number: string, context?: string][] = [
  ["us-npi", "1657304287"],
  ["us-dea", "BR5730420"],
  ["ca-sin", "572 904 316"],
  ["ca-sin", "572904316"],
  ["br-cpf", "529.982.247-25"],
  ["br-cpf", "57290431804"],
  ["br-cnpj", "11.222.333/0001-81"],
  ["uk-nhs", "573 904 2186"],
  ["uk-nhs", "573-904-2186"],
  ["de-tax-id", "57390421683"],
  ["de-social-security", "57140683K125"],
  ["de-id-card", "L5Z07K930"],
  ["de-passport", "C5Z07K937", "Reisepass "],
  ["de-health-insurance", "K573904217"],
  ["es-nif", "57390421Q"],
  ["es-nif", "57390421-Q"],
  ["es-nie", "Y5739042G"],
  ["fi-personal-identity-code", "140683-573S"],
  ["se-personnummer", "19830614-5734"],
  ["se-personnummer", "8306145734"],
  ["se-organisationsnummer", "557390-4215"],
  ["pl-pesel", "83061457398"],
  ["fr-nir", "2 55 08 14 168 025 38"],
  ["fr-nir", "283065739042120"],
  ["nl-bsn", "111222333", "BSN: "],
  ["be-national-number", "85.07.30-033.28"],
  ["tr-national-id", "57390421854"],
  ["in-aadhaar", "5739 0421 8378"],
  ["in-aadhaar", "573904218378"],
  ["kr-rrn", "830614-2573901"],
  ["kr-frn", "830614-6573903"],
  ["kr-brn", "573-90-42187"],
  ["sg-uen", "57390421M"],
  ["th-tnin", "3573904218379"],
  ["ph-tin", "573-904-212", "TIN "],
  ["cn-resident-id", "11010519491231002X"],
  ["jp-my-number", "123456789018", "マイナンバー "],
  ["au-abn", "52 573 904 218"],
  ["au-acn", "573 904 211"],
  ["au-tfn", "573 904 214"],
  ["za-id", "8306145739085"],
  ["ng-nin", "57390421834", "my NIN is "],
  ["it-vat-code", "05739042181"],
  ["aba-routing", "057390420"],
];

test.each(checked)("%s: %s, and not with another check digit", (detector, number, context = "") => {
  expect(foundBy(detector, context + number)).toEqual([number]);
  expect(foundBy("national-id", `${context}${number}\n`)).toContain(number);
  expect(foundBy(detector, `${context}${altered(number)}`)).toEqual([]);
  expect(foundBy(detector, `${context}x${number}`)).toEqual([]);
  expect(foundBy(detector, `${context}${number}7`)).not.toContain(number);
});

const shaped: readonly (readonly [detector: string, text: string, found: readonly string[]])[] = [
  ["us-ssn", "ssn 572-04-3186.", ["572-04-3186"]],
  ["us-ssn", "my social security number: 572043186", ["572043186"]],
  ["us-ssn", "572043186", []],
  ["us-ssn", "000-04-3186, 666-04-3186, 972-04-3186, 572-00-3186, 572-04-0000", []],
  ["us-itin", "972-85-3186", ["972-85-3186"]],
  ["us-itin", "972-89-3186", []],
  ["us-mbi", "Medicare 4KT7-MR2-QW59", ["4KT7-MR2-QW59"]],
  ["us-mbi", "4KT7-SR2-QW59", []],
  ["us-passport", "passport no. 573904218", ["573904218"]],
  ["us-passport", "order 573904218", []],
  ["us-passport", "passport K57390421", ["K57390421"]],
  ["us-driver-license", "driver's license K5739042", ["K5739042"]],
  ["us-driver-license", "K5739042", []],
  ["mx-curp", "KERM830614HDFRNS08", ["KERM830614HDFRNS08"]],
  ["uk-nino", "NI number KE 57 39 04 B", ["KE 57 39 04 B"]],
  ["uk-nino", "BG573904B", []],
  ["uk-passport", "UK passport KE5739042 expires", ["KE5739042"]],
  ["uk-driving-licence", "KERMI806143AB9CD", ["KERMI806143AB9CD"]],
  ["uk-driving-licence", "KERMI813143AB9CD", []],
  ["uk-postcode", "to NW3 5TQ, please", ["NW3 5TQ"]],
  ["uk-postcode", "nw35tq", ["nw35tq"]],
  ["uk-postcode", "an M2 8GB model", []],
  ["uk-vehicle-registration", "KE57 RMT", ["KE57 RMT"]],
  ["uk-vehicle-registration", "the car KE57RMT is blue", ["KE57RMT"]],
  ["uk-vehicle-registration", "section KE57RMT is blue", []],
  ["de-driving-licence", "Führerschein KE57390421R", ["KE57390421R"]],
  ["de-vat-id", "USt-IdNr. DE 573 904 218", ["DE 573 904 218"]],
  ["de-commercial-register", "Amtsgericht Ulm HRB 57390", ["HRB 57390"]],
  ["de-tax-number", "57/390/42186", ["57/390/42186"]],
  ["de-tax-number", "Steuernummer 0957390421863", ["0957390421863"]],
  ["de-doctor", "573904827 573905827", ["573904827"]],
  ["au-medicare", "Medicare 5739042131, 5739042231", ["5739042131"]],
  ["de-practice", "BSNR 515739042", ["515739042"]],
  ["de-postcode", "PLZ 57390", ["57390"]],
  ["de-postcode", "57390", []],
  ["de-vehicle-registration", "KE-RM 573", ["KE-RM 573"]],
  ["es-passport", "pasaporte KER573904", ["KER573904"]],
  ["it-fiscal-code", "KRMTNA83H54F205X", ["KRMTNA83H54F205X"]],
  ["it-driver-license", "patente KE5739042R", ["KE5739042R"]],
  ["it-identity-card", "CA57390KE", ["CA57390KE"]],
  ["it-passport", "passaporto YA5739042", ["YA5739042"]],
  ["tr-license-plate", "plaka 34 KER 573", ["34 KER 573"]],
  ["tr-license-plate", "34 KER 573 were sold", []],
  ["in-pan", "KERPM5739K", ["KERPM5739K"]],
  ["in-gstin", "27KERPM5739K1Z4", ["27KERPM5739K1Z4"]],
  ["in-passport", "passport K5739042", ["K5739042"]],
  ["in-passport", "K5739042", []],
  ["in-voter", "KER5739042", ["KER5739042"]],
  ["in-vehicle-registration", "MH12KE5739", ["MH12KE5739"]],
  ["kr-passport", "여권번호는 M573K9042입니다", ["M573K9042"]],
  ["kr-driver-license", "13-57-390421-86", ["13-57-390421-86"]],
  ["kr-rrn", "RRN 830614-2573905", ["830614-2573905"]],
  ["sg-uen", "T08GB0057J", []],
  ["sg-fin", "it is S5739042E, he said, not S5739042D", ["S5739042E"]],
  ["sg-fin", "FIN S5739042D", ["S5739042D"]],
  ["ng-vehicle-registration", "plate KER-573MT", ["KER-573MT"]],
];

test.each(shaped)("%s in %j: %j", (detector, text, found) => {
  expect(foundBy(detector, text)).toEqual(found);
});

test("a number that is a part of a longer row of digits is none", () => {
  expect(foundBy("us-ssn", "1-572-04-3186 572-04-3186-9 572-04-3186.5")).toEqual([]);
  expect(foundBy("national-id", "3.57.390.4218.6")).toEqual([]);
});

test("a list of values alone on its line is no less alone", () => {
  expect(foundBy("uk-vehicle-registration", "KE57RMT and RM57KET\nand so on")).toEqual([
    "KE57RMT",
    "RM57KET",
  ]);
  expect(foundBy("uk-vehicle-registration", "models KE57RMT and RM57KET")).toEqual([]);
});

/** With another last digit or letter. */
function altered(number: string): string {
  const last = number.at(-1) as string;
  const other = /\d/.test(last) ? String((Number(last) + 1) % 10) : last === "B" ? "D" : "B";
  return number.slice(0, -1) + other;
}
