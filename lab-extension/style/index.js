import './base.css';
import './what-if.css';
import './map.css';
