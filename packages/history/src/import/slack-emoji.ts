// The emoji that Slack knows by names, as characters: those that people use most. A name that is not here is a workspace's own
// picture, or rare; in a text it stays as it was typed.

const NAMES = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|heart ❤️|blue_heart 💙|green_heart 💚|yellow_heart 💛|purple_heart 💜|orange_heart 🧡|black_heart 🖤
white_heart 🤍|brown_heart 🤎|broken_heart 💔|two_hearts 💕|sparkling_heart 💖|heartpulse 💗|heart_eyes 😍|smile 😄|smiley 😃|grinning 😀|grin 😁
laughing 😆|satisfied 😆|joy 😂|rolling_on_the_floor_laughing 🤣|rofl 🤣|sweat_smile 😅|slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊
innocent 😇|relaxed ☺️|yum 😋|relieved 😌|sunglasses 😎|smirk 😏|neutral_face 😐|expressionless 😑|unamused 😒|sweat 😓|pensive 😔|confused 😕
confounded 😖|kissing_heart 😘|stuck_out_tongue 😛|stuck_out_tongue_winking_eye 😜|disappointed 😞|worried 😟|angry 😠|rage 😡|cry 😢|sob 😭
persevere 😣|triumph 😤|frowning 😦|anguished 😧|fearful 😨|weary 😩|sleepy 😪|tired_face 😫|grimacing 😬|open_mouth 😮|hushed 😯|cold_sweat 😰
scream 😱|astonished 😲|flushed 😳|sleeping 😴|dizzy_face 😵|no_mouth 😶|mask 😷|thinking_face 🤔|face_with_rolling_eyes 🙄|zipper_mouth_face 🤐
hugging_face 🤗|face_palm 🤦|facepalm 🤦|shrug 🤷|exploding_head 🤯|partying_face 🥳|star-struck 🤩|pleading_face 🥺|melting_face 🫠|saluting_face 🫡
face_with_raised_eyebrow 🤨|face_with_monocle 🧐|nerd_face 🤓|money_mouth_face 🤑|lying_face 🤥|drooling_face 🤤|nauseated_face 🤢|hot_face 🥵|cold_face 🥶
skull 💀|ghost 👻|alien 👽|robot_face 🤖|hankey 💩|poop 💩|see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊|wave 👋|raised_hands 🙌|clap 👏|pray 🙏
ok_hand 👌|v ✌️|muscle 💪|point_up ☝️|point_up_2 👆|point_down 👇|point_left 👈|point_right 👉|raised_hand ✋|hand ✋|facepunch 👊|punch 👊|fist ✊
crossed_fingers 🤞|handshake 🤝|heart_hands 🫶|writing_hand ✍️|eyes 👀|brain 🧠|tada 🎉|confetti_ball 🎊|balloon 🎈|birthday 🎂|gift 🎁|trophy 🏆
medal 🏅|first_place_medal 🥇|dart 🎯|rocket 🚀|fire 🔥|sparkles ✨|star ⭐|star2 🌟|zap ⚡|boom 💥|collision 💥|100 💯|white_check_mark ✅
heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|heavy_plus_sign ➕|heavy_minus_sign ➖|question ❓|exclamation ❗
heavy_exclamation_mark ❗|bangbang ‼️|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|construction 🚧|rotating_light 🚨|red_circle 🔴|large_blue_circle 🔵
large_green_circle 🟢|large_yellow_circle 🟡|bulb 💡|bug 🐛|wrench 🔧|hammer 🔨|gear ⚙️|lock 🔒|unlock 🔓|key 🔑|mag 🔍|link 🔗|pushpin 📌
round_pushpin 📍|memo 📝|pencil 📝|pencil2 ✏️|book 📖|books 📚|calendar 📆|date 📅|clock1 🕐|hourglass ⌛|hourglass_flowing_sand ⏳|alarm_clock ⏰
bell 🔔|no_bell 🔕|email 📧|envelope ✉️|phone ☎️|iphone 📱|computer 💻|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|bar_chart 📊|moneybag 💰
coffee ☕|tea 🍵|beer 🍺|beers 🍻|wine_glass 🍷|champagne 🍾|pizza 🍕|hamburger 🍔|taco 🌮|cake 🍰|cookie 🍪|doughnut 🍩|popcorn 🍿|apple 🍎|banana 🍌
dog 🐶|cat 🐱|unicorn_face 🦄|snail 🐌|turtle 🐢|penguin 🐧|octopus 🐙|crab 🦀|butterfly 🦋|sunny ☀️|cloud ☁️|umbrella ☔|snowflake ❄️|snowman ⛄
rainbow 🌈|ocean 🌊|earth_africa 🌍|earth_americas 🌎|earth_asia 🌏|palm_tree 🌴|christmas_tree 🎄|cherry_blossom 🌸|rose 🌹|sunflower 🌻|four_leaf_clover 🍀
house 🏠|office 🏢|car 🚗|bike 🚲|airplane ✈️|ship 🚢|checkered_flag 🏁|soccer ⚽|basketball 🏀|video_game 🎮|musical_note 🎵|notes 🎶|guitar 🎸|art 🎨
movie_camera 🎥|camera 📷|package 📦|wastebasket 🗑️|arrow_up ⬆️|arrow_down ⬇️|arrow_left ⬅️|arrow_right ➡️|arrows_counterclockwise 🔄|repeat 🔁
one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟|ok 🆗|new 🆕|cool 🆒|sos 🆘|recycle ♻️
`;

const SKIN_TONES = ['🏻', '🏼', '🏽', '🏾', '🏿'] as const;
/** Slack numbers them by the scale of Fitzpatrick, from 2 on. */
const FIRST_TONE = 2;

const BY_NAME: ReadonlyMap<string, string> = new Map(
  NAMES.trim()
    .split(/[|\n]/)
    .map((pair): [string, string] => {
      const [name = '', emoji = ''] = pair.split(' ');
      return [name, emoji];
    }),
);

/** `name`, or `name::skin-tone-3`. `undefined`: not known here. */
export function slackEmoji(reaction: string): string | undefined {
  const [name = '', tone] = reaction.split('::');
  const emoji = BY_NAME.get(name);
  const number = Number(/^skin-tone-([2-6])$/.exec(tone ?? '')?.[1] ?? 0);
  const skin = SKIN_TONES[number - FIRST_TONE];
  // A tone takes the place of the sign that asks for a picture.
  return emoji === undefined || skin === undefined ? emoji : `${emoji.replace(/\uFE0F$/u, '')}${skin}`;
}
