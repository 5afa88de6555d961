// The library runs here, beside the page: however long a slice of training takes, the page stays free.
import { dotnet } from './_framework/dotnet.js';

const { getAssemblyExports, getConfig } = await dotnet.create();
const { Page } = (await getAssemblyExports(getConfig().mainAssemblyName)).PlaygroundSample;

onmessage = ({ data: { run, start, epochs, milliseconds } }) => {
  try {
    const answer = { run };
    if (start !== undefined)
      Object.assign(answer, { settings: Page.Start(start), scene: Page.Scene() });
    const [epoch, loss, accuracy] = Page.Train(epochs, milliseconds);
    const responses = Page.Responses();
    Object.assign(answer, { epoch, loss, accuracy, responses, parameters: Page.Parameters(), curve: Page.Curve(), listing: Page.Listing() });
    postMessage(answer, [responses.buffer]);
  } catch (error) {
    postMessage({ run, error: error.message.split('\n')[0] });
  }
};
postMessage({ ready: true });
