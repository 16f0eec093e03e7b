/** What an address of data holds of secrets is refused where it would be recorded, and is not shown. */
import assert from "node:assert/strict";
import { DataReader, FileDataset, SqlDataset } from "../../../mod.ts";

const query = "select x from t order by x";
const refusal = /the address holds a password and would be recorded; write \$\{NAME\} in its place/;

Deno.test("a password in a data set's address is refused and not shown, whatever characters it has", () => {
  const logins = [
    "me:s3cret",
    "me:h1dden/s3cret",
    "me:h1dden@s3cret",
    "me:h1dden?s3cret#s3cret",
    ":s3cret",
    "me:@s3cret",
  ];
  for (const login of [...logins, "me:${NAME}s3cret", "me:s3cret/${NAME}"]) {
    for (
      const make of [
        () => new SqlDataset({ url: `postgres://${login}@host/db`, query }),
        () => new FileDataset({ path: `https://${login}@host/x.csv` }),
      ]
    ) {
      assert.throws(make, (error: Error) => {
        assert.match(error.message, refusal, login);
        assert.doesNotMatch(Deno.inspect(error), /s3cret|h1dden/, login);
        return true;
      });
    }
  }
});

Deno.test("an address without a password is taken: a login of variables, a port, a path with : and @", () => {
  const rests = [
    "me@h/x.csv",
    "me:${NAME}@h/x.csv",
    "${A}:${B}@h:80/x.csv",
    "h:8080/@a/x.csv",
    "h/a:b@c.csv",
    "h/x.csv",
  ];
  for (const rest of [...rests, "me:${NAME}@h/v@2/x.csv", "me:@h/x.csv"]) new FileDataset({ path: `https://${rest}` });
  for (const rest of ["me@h/db", "me:${NAME}@h:5432/db", "h/db"]) new SqlDataset({ url: `postgres://${rest}`, query });
  new FileDataset({ path: "file:///data/a:b@c.csv" });
});

Deno.test("what can't be read is named without its login", async () => {
  const addresses = [
    "https://me:h1dden/s3cret@host/x.csv",
    "https://me:s3cret@[/x.csv",
    "ftp://me:h1dden/s3cret@host/x",
  ];
  for (const address of addresses) {
    await assert.rejects(new DataReader().read(address), (error: Error) => {
      assert.match(error.message, /^Cannot read "(https:\/\/(host|\[)\/x.csv|ftp:\/\/host\/x)": /);
      assert.doesNotMatch(Deno.inspect(error), /s3cret|h1dden/);
      return true;
    });
  }
});
