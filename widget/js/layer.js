/*
 * Offers what visitors do with prompts to the page's own measuring: the list that Google Tag Manager reads, each once, with names as
 * Google Analytics wants them. No text that anybody wrote goes there, nor who they are. It stands before the module that shows prompts,
 * so a page that shows none does not pay for it.
 *
 * The one thing to know: a tag manager remembers each word until it hears another for it. So every word is said every time, and is
 * undefined where there is none.
 */
let host, bundle;
let type, variant; // of the prompt that is shown
let answered = {}; // its questions: who thinks better of it has still answered once

// The prompts that are published, and the list's name with them.
export const publish = (published) => bundle = published;

export const listen = (given) => {
  host = given;
  document.addEventListener('waymark', hear);
};

const hear = ({ detail }) => {
  try {
    const { prompt, action, name, props } = detail;
    // The site's own people, who try prompts out, are no visitors. Lots are drawn for those too who see nothing.
    if (!prompt || action === 'eligible' || host.debug) return;
    if (action === 'shown') {
      const { content, experiment } = bundle.prompts.find(({ key }) => key === prompt);
      variant = props.variant;
      type = Object.keys(experiment?.find(({ key }) => key === variant)?.content || content)[0];
      answered = {};
    }
    if (action === 'answered') {
      if (props.skipped || answered[props.question]) return;
      answered[props.question] = 1;
    }
    window[bundle.data_layer ?? 'dataLayer'].push({
      event: 'waymark_prompt_' + action,
      prompt_key: prompt,
      prompt_type: type,
      prompt_variant: variant,
      prompt_event: name,
      prompt_question: props.question,
      prompt_score: props.score,
      prompt_target: props.link || props.to || props.task || props.copied,
    });
  } catch { /* there is no such list, or it is broken */ }
};
